from titan_sdk import TitanClient

rows = [{"day": day, "sales": day * 10} for day in range(1, 31)]
TitanClient().store_put("nightly:rows", str(len(rows)))
print(f"extracted {len(rows)} rows")
