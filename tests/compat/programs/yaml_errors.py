from habits import script

from titan_sdk import TitanClient
from titan_sdk.titan_yaml_parser import TitanYAMLParser

script("a.py", "print('a')\n")
BAD = {
    "no id": "jobs: [{file: a.py}]",
    "no file": "jobs: [{id: x}]",
    "no port": "jobs: [{id: x, file: a.py, type: service}]",
    "ghost": "jobs: [{id: x, file: ghost.py}]",
    "number": "name: p\njobs:\n  - id: x\n    file: a.py\n    priority: high",
    "cycle": "jobs: [{id: x, file: a.py, depends_on: [y]}, {id: y, file: a.py, depends_on: [x]}]",
}
for name, text in BAD.items():
    path = script(f"{name.replace(' ', '_')}.yaml", text + "\n")
    try:
        print(name, TitanClient().submit_yaml(path))
    except (ValueError, FileNotFoundError) as error:
        print(f"{name}: {type(error).__name__}: {error}")
try:
    TitanYAMLParser("nowhere.yaml")
except FileNotFoundError as error:
    print("FileNotFoundError", "nowhere.yaml" in str(error))
script("plain.yaml", "project: false\njobs: [{id: x, file: a.py}]\n")
print(
    TitanYAMLParser("plain.yaml").is_project_mode(),
    [job.filename for job in TitanYAMLParser("plain.yaml").build_jobs()] != [],
)
