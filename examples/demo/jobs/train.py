"""Train one model, named by the second argument, and say how good it is.

The accuracy is a value in TitanStore, the predictions are a file. `network` is the one that asks for a GPU; the
simulated node offers one, scikit-learn computes on the CPU all the same.
"""

import sys

import exchange
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def build(name):
    if name == "nearest":
        from sklearn.neighbors import KNeighborsClassifier

        return KNeighborsClassifier(n_neighbors=3)
    if name == "forest":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(n_estimators=60, random_state=7)
    if name == "network":
        from sklearn.neural_network import MLPClassifier

        classifier = MLPClassifier(hidden_layer_sizes=(64,), max_iter=300, tol=1e-3, random_state=7)
        return make_pipeline(StandardScaler(), classifier)
    sys.exit(f"no model is called {name}")


exchange.record_start()
name = sys.argv[2]
data = np.load(exchange.take_file("digits.npz"))
model = build(name).fit(data["train_x"], data["train_y"])
predicted = model.predict(data["test_x"])
accuracy = float((predicted == data["test_y"]).mean())
np.savez_compressed(f"{name}.npz", predicted=predicted, expected=data["test_y"])
exchange.give_file(f"{name}.npz")
exchange.give_value(f"accuracy:{name}", f"{accuracy:.4f}")
exchange.add_member("models", name)
print(f"{name}: {accuracy:.1%} of the digits are right")
