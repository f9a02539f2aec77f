from titan_sdk import TitanClient, TitanError

client = TitanClient()
for name, call in {
    "store.get": lambda: client.store.get("typed:missing"),
    "files.download": lambda: client.files.download("typed-missing.bin", "here.bin"),
    "dags.get": lambda: client.dags.get("typed-missing"),
}.items():
    try:
        print(name, call())
    except TitanError as error:
        print(name, type(error).__name__)
