import statistics
import sys
from pathlib import Path

from units import grams

numbers = [float(line) for line in Path("data/numbers.csv").read_text().split()]
measures = {"mean": statistics.fmean, "spread": lambda values: max(values) - min(values)}

name = sys.argv[1]
Path(f"{name}.txt").write_text(grams(measures[name](numbers)))
