"""Keys and names that come from outside: how messages and logs show them, and how prefixes are searched."""

import json

LONGEST_SHOWN = 80


def quote(text: str) -> str:
    """The text in quotes on one line, cut if it is long, for a message."""
    shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
    return json.dumps(shown, ensure_ascii=False)


def one_line(text: str) -> str:
    """The text for a log, with everything escaped that would begin another line or disguise it."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def upper_bound(prefix: str) -> str | None:
    """The first text after all that begin with the prefix; None if there is none.

    SQLite compares UTF-8 bytes, which order like code points.
    """
    kept = prefix.rstrip("\U0010ffff")
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if 0xD800 <= following <= 0xDFFF else following)
