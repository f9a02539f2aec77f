import sys

from titan_sdk import TitanClient

run_id = sys.argv[1]
squares = sorted(int(square) for square in TitanClient().store_smembers(f"{run_id}:squares"))
print(" + ".join(map(str, squares)), "=", sum(squares))
