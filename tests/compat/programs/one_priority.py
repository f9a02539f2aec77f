import sys

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
job = TitanJob(sys.argv[1], script("work.py", "print('worked')\n"), priority=int(sys.argv[2]))
print(client.submit_dag("one_priority", [job]), finish(client, sys.argv[1]))
