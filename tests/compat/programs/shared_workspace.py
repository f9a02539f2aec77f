"""Parents hand files to children through the current directory and through the script's own."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

WRITE = """
import os
open("in_cwd.txt", "w").write("cwd")
os.makedirs("deep/er", exist_ok=True)
open("deep/er/größe.bin", "wb").write(bytes(range(256)))
open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "beside.txt"), "w").write("beside")
open("module_from_parent.py", "w").write("WORD = 'imported'")
"""
READ = """
import os
here = os.path.dirname(os.path.abspath(__file__))
print(open("in_cwd.txt").read(), open(os.path.join(here, "in_cwd.txt")).read())
print(open("beside.txt").read(), open(os.path.join(here, "beside.txt")).read())
print(len(open("deep/er/größe.bin", "rb").read()))
import module_from_parent
print(module_from_parent.WORD)
open("in_cwd.txt", "w").write("changed")
os.remove("beside.txt")
"""
LAST = """
import os
print(open("in_cwd.txt").read(), os.path.exists("beside.txt"), os.path.exists("module_from_parent.py"))
"""
client = TitanClient()
jobs = [
    TitanJob("ws_write", script("write.py", WRITE)),
    TitanJob("ws_read", script("read.py", READ), parents=["ws_write"]),
    TitanJob("ws_last", script("last.py", LAST), parents=["ws_read"]),
]
print(client.submit_dag("ws", jobs), finish(client, "ws_write", "ws_read", "ws_last"))
print(client.fetch_logs("ws_read") + client.fetch_logs("ws_last"), end="")
