import sys

from titan_sdk import TitanClient

run_id, *topics = sys.argv[1:]
client = TitanClient()
notes = [client.store_get(f"{run_id}:note:{topic}") for topic in topics]
letters = sum(int(note.split()[0]) for note in notes)
print(f"{len(notes)} notes, {letters} letters")
