"""Load scikit-learn's 1,797 handwritten digits, split them, and publish both parts as one file."""

import exchange
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

exchange.record_start()
digits = load_digits()
train_x, test_x, train_y, test_y = train_test_split(
    digits.data, digits.target, test_size=0.3, random_state=7, stratify=digits.target
)
np.savez_compressed("digits.npz", train_x=train_x, test_x=test_x, train_y=train_y, test_y=test_y)
exchange.give_file("digits.npz")
print(f"{len(train_x)} digits to learn from, {len(test_x)} to be judged by")
