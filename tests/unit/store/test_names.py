"""Prefixes: what SQLite finds between two bounds is exactly what begins with the prefix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from titan_store.names import quote, upper_bound

EDGES = st.sampled_from(["\U0010ffff", "\ud7ff", "\ue000", "\0", "a", "é"])
TEXTS = st.text(st.characters(codec="utf-8") | EDGES, max_size=4)


@given(TEXTS, TEXTS)
def test_the_bounds_of_a_prefix_enclose_what_begins_with_it_and_nothing_else(prefix: str, text: str) -> None:
    for candidate in (text, prefix + text):
        end = upper_bound(prefix)
        key = candidate.encode()
        is_between = prefix.encode() <= key and (end is None or key < end.encode())
        assert is_between == candidate.startswith(prefix)


@pytest.mark.parametrize(("text", "shown"), [("a\nb", '"a\\nb"'), ("größe", '"größe"'), ("x" * 90, f'"{"x" * 80}…"')])
def test_a_name_in_a_message_stays_on_one_line_and_short(text: str, shown: str) -> None:
    assert quote(text) == shown
