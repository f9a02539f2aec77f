import sys

from titan_sdk import TitanClient

run_id = sys.argv[1]
client = TitanClient()
for part in range(1, 6):
    client.store_put(f"{run_id}:part:{part}", str(part * 10))
