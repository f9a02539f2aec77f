from habits import finish, script

from titan_sdk import TitanClient, TitanJob

MAIN = """
import os
import sibling
from package import inner
print(sibling.WORD, inner.WORD, open("data.txt").read(), os.path.basename(os.getcwd()))
"""
client = TitanClient()
script("arcproject/pipeline/stages/main.py", MAIN)
script("arcproject/pipeline/stages/sibling.py", "WORD = 'sibling'\n")
script("arcproject/pipeline/stages/package/inner.py", "WORD = 'inner'\n")
script("arcproject/pipeline/stages/data.txt", "data")
print(client.upload_project_folder("arcproject"), client.upload_project_folder("arcproject", "renamed"))
jobs = [
    TitanJob("arc_one", "arcproject.zip/pipeline/stages/main.py", is_archive=True),
    TitanJob("arc_two", filename="renamed.zip/pipeline/stages/main.py", is_archive=True, parents=["arc_one"]),
]
print(client.submit_dag("arc", jobs), finish(client, "arc_one", "arc_two"))
print(client.fetch_logs("arc_one") + client.fetch_logs("arc_two"), end="")
