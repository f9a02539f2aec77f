from titan_sdk import TitanClient, TitanJob

client = TitanClient()
print(client.store_put("host:key", "value"), client.store_get("host:key"))
print(client.store_sadd("host:set", "member"), client.store_smembers("host:set"))
print(client.submit_dag("host", [TitanJob("host_job", script_content="print('never')")]))
