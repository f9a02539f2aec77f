import sys

from titan_sdk import TitanClient

run_id = sys.argv[1]
client = TitanClient()

# Write the output file to the local workspace
with open("report.md", "w") as f:
    f.write("# Report\n\n" + "".join(f"- finding {n}\n" for n in (1, 2, 3)))

# Upload it and register it under a TitanStore key
if not client.publish_artifact(f"run:{run_id}:report", "report.md"):
    sys.exit("the report could not be published")
