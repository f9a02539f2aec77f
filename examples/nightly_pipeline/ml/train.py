from titan_sdk import TitanClient

rows = int(TitanClient().store_get("nightly:rows"))
print(f"trained on {rows} rows")
