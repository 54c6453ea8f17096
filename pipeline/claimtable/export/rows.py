"""Rows as the writers see them: dicts with JSON-ready values, and what a file can hold of a value."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from claimtable.schema import Column

Row = Mapping[str, Any]
"""Column name → JSON-ready value, such as `Claim.to_dict` gives."""

_IN_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_SURROGATES = re.compile("[\ud800-\udfff]")


def cell_value(value: Any, column: Column) -> Any:
    """Return what a typed cell holds: dates as `date`, no lone surrogates.

    Infinities and NaN, which no file format shares, count as not stated.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return date.fromisoformat(value) if column.dtype == "date" else whole(value)
    return value


def json_value(value: Any) -> Any:
    """Return the value as strict JSON can hold it, in UTF-8."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {name: json_value(item) for name, item in value.items()}
    return value


def embeddable(node: Any) -> bytes:
    """Return a node as JSON on one line, which a page may hold in its `<script type="application/ld+json">`.

    `<`, `>` and `&` are written as escapes, so that nothing of a document can end the script.
    """
    text = json.dumps(node, ensure_ascii=False, allow_nan=False)
    return text.translate(_IN_MARKUP).encode()


def web_address(text: str | None) -> str | None:
    """Return an address if it is one of the web; None for `javascript:` and what else may stand there."""
    return text if text and text.lower().startswith(("http://", "https://")) else None


def whole(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot carry, by U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)
