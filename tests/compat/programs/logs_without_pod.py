import sys

from titan_sdk import TitanClient

print(TitanClient().fetch_logs(sys.argv[1]), end="")
