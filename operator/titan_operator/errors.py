"""What can go wrong at the operator's edges, beside what the API server answers (see titan_kube/errors.py).

OperatorError
├── ConfigurationError    settings or credentials that cannot be used; the process ends with a sentence
└── StoreAway             the store cannot be asked now

APIError
└── NotLeading            another operator holds the Lease: nothing was sent
"""

from titan_kube.errors import APIError


class OperatorError(Exception):
    """Base of those that are not the API server's."""


class ConfigurationError(OperatorError):
    """Settings or credentials that cannot be used."""


class StoreAway(OperatorError):
    """The store cannot be asked now."""


class NotLeading(APIError):
    """Another operator holds the Lease, or ours could not be renewed in time: nothing was sent."""
