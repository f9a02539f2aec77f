"""Quantities are written back in one form, whatever form they came in."""

import pytest

from titan_api.quantities import QuantityError, canonical


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("0", "0"), ("0Gi", "0"), (1, "1"), (1.5, "1500m"), ("0.5", "500m"), ("1000m", "1"), ("1000000k", "1G"),
        ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), ("0.5Ki", "512"), ("100m", "100m"), ("0.0001", "100u"), ("1e3", "1e3"),
        ("2e0", "2"), ("-1", "-1"), ("16Ei", "16Ei"),
    ],
)  # fmt: skip
def test_a_quantity_is_written_in_the_largest_unit_that_leaves_a_whole_number(given: str | float, written: str) -> None:
    assert canonical(given) == written
    assert canonical(written) == written


@pytest.mark.parametrize("given", ["", "lots", "1GB", "--1", "1 Gi"])
def test_what_is_no_quantity_is_refused(given: str) -> None:
    with pytest.raises(QuantityError):
        canonical(given)
