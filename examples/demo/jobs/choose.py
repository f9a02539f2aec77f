"""Compare the models by the accuracies that they left in TitanStore, and name the best."""

import exchange

exchange.record_start()
accuracies = {name: float(exchange.take_value(f"accuracy:{name}")) for name in exchange.take_members("models")}
ranking = sorted(accuracies, key=lambda name: (-accuracies[name], name))
for name in ranking:
    print(f"{accuracies[name]:.1%}  {name}")
exchange.give_value("best", ranking[0])
print(f"best: {ranking[0]}")
