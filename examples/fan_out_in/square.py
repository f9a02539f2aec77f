import sys

from titan_sdk import TitanClient

run_id, part = sys.argv[1:]
client = TitanClient()
number = int(client.store_get(f"{run_id}:part:{part}"))
client.store_sadd(f"{run_id}:squares", str(number * number))
