from pathlib import Path

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

try:
    TitanJob("read_ghost", "scripts/ghost.py")
except FileNotFoundError as error:
    print("FileNotFoundError", "scripts/ghost.py" in str(error))
path = script("vanishing.py", "print('I was read in the constructor')\n")
job = TitanJob("read_vanished", path)
Path(path).unlink()
client = TitanClient()
print(client.submit_dag("read", [job]), finish(client, "read_vanished"), client.fetch_logs("read_vanished").strip())
