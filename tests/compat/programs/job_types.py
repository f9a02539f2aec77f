from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
path = script("once.py", "print('once')\n")
types = ["RUN_PAYLOAD", "RUN", "anything"]
print(client.submit_dag("types", [TitanJob(f"type_{kind}", path, kind) for kind in types]))
print(finish(client, *(f"type_{kind}" for kind in types)))
try:
    TitanJob("type_portless", path, "SERVICE")
except ValueError as error:
    print("ValueError", "type_portless" in str(error))
