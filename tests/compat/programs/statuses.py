import sys

from habits import finish

from titan_sdk import TitanClient

print(finish(TitanClient(), *sys.argv[1:]))
