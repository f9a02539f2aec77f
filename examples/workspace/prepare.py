from pathlib import Path

Path("data").mkdir()
Path("data/numbers.csv").write_text("\n".join(str(n * n) for n in range(1, 6)))
# A module beside the scripts of the children: they can import it.
Path("units.py").write_text("def grams(value):\n    return f'{value:g} g'\n")
