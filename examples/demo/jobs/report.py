"""Write the report that a person permitted: a page of Markdown and the best model's confusion matrix as a picture."""

import exchange
import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np


def draw_confusion(expected, predicted, title, path):
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (expected, predicted), 1)
    figure, axes = plt.subplots(figsize=(6, 5.4), layout="constrained")
    picture = axes.imshow(np.log1p(counts), cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if picture.norm(np.log1p(count)) > 0.6 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=9)
    axes.set(title=title, xlabel="predicted digit", ylabel="true digit", xticks=range(10), yticks=range(10))
    figure.savefig(path, dpi=120)


exchange.record_start()
best = exchange.take_value("best")
accuracies = {name: float(exchange.take_value(f"accuracy:{name}")) for name in exchange.take_members("models")}
results = np.load(exchange.take_file(f"{best}.npz"))
wrong = int((results["predicted"] != results["expected"]).sum())

draw_confusion(results["expected"], results["predicted"], f"{best}: {accuracies[best]:.1%} right", "confusion.png")
rows = [f"| {name} | {accuracies[name]:.1%} |" for name in sorted(accuracies, key=accuracies.get, reverse=True)]
report = [
    "# Handwritten digits",
    "",
    f"The best model is **{best}**: {wrong} of {len(results['expected'])} digits are wrong.",
    "",
    "| model | accuracy |",
    "|---|---|",
    *rows,
    "",
    "![confusion matrix](confusion.png)",
    "",
]
with open("report.md", "w") as file:
    file.write("\n".join(report))

exchange.give_file("confusion.png")
exchange.give_file("report.md")
print(f"report written: {best} is the best model")
