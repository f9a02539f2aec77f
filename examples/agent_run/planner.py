import sys

from titan_sdk import TitanClient

run_id = sys.argv[1]
client = TitanClient()
for topic in ("cost", "quality", "speed"):
    client.store_sadd(f"{run_id}:topics", topic)
