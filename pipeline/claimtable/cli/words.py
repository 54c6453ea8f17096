"""Words of documents as a terminal can show them."""

from __future__ import annotations

import re

from rich.text import Text

# Control characters and direction overrides in a document must not reach the terminal as such.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def one_line(value: str | None) -> str:
    """Return words of a document as one line that a terminal can show; "" for None."""
    return _UNSAFE.sub("\ufffd", " ".join((value or "").split()))


def shown_text(value: str | None) -> Text:
    """Return words of a document as one line of text for rich."""
    return Text(one_line(value))
