import sys

from titan_sdk import TitanClient

run_id, topic = sys.argv[1:]
TitanClient().store_put(f"{run_id}:note:{topic}", f"{len(topic)} letters")
