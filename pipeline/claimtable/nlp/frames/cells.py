"""What the cell of a table holds: a figure with sign and bound, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimtable.schema import Bound

_MARKS = re.compile(r"(?<=[\d%)])\s?(?:[*†‡§¶¹²³⁰⁴-⁹]+|\([a-z]\)|\[\w{1,2}\]|[a-z])$|^[*†‡§]+(?=\s?[\d$€£(])")
_FIGURE = re.compile(
    r"(?P<bound>[<>~≈≤≥]|[Aa]bout )?\s?(?P<open>\()?\s?(?P<sign>[+−–-])?\s?(?P<money>[A-Z]{0,3}[$€£¥])?\s?(?P<inner>[−–-])?"
    r"(?P<number>\d{1,3}(?:[, '\u2009]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\d+,\d{1,2}|\.\d+)\s?(?P<percent>%)?\s?(?P<close>\))?(?P<trailing>[−–-])?\s?(?P<after>%)?"
)
_OUTSIDE = re.compile(r"^([A-Z]{0,3}[$€£¥])\s?\(")
_BOUNDS: dict[str, Bound] = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "~": "~", "≈": "~", "about": "~"}
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as a cell has it."""

    value: float
    bound: Bound = "="
    unit: str | None = None
    dimension: str | None = None


def figure_of(text: str) -> Figure | None:
    """Return the figure of a cell; None for words, and for what stands for no figure ("-", "n/a", "..").

    Brackets and a sign before or behind the figure make it negative, as accounts write it; marks of footnotes are no
    part of it. A comma before one or two last digits is a decimal one, before three it groups.
    """
    plain = text.strip()
    while (marked := _MARKS.search(plain)) is not None and marked.group():
        plain = (plain[: marked.start()] + plain[marked.end() :]).strip()
    match = _FIGURE.fullmatch(_OUTSIDE.sub(r"(\1", plain))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    digits = match["number"]
    digits = (
        digits.replace(",", ".") if _DECIMAL_COMMA.fullmatch(digits) else re.sub("[, '\u2009]", "", digits)
    )
    minus = match["open"] or (match["sign"] or "+") != "+" or match["inner"] or match["trailing"]
    value = -float(digits) if minus else float(digits)
    bound = _BOUNDS[match["bound"].strip().lower()] if match["bound"] else "="
    if match["percent"] or match["after"]:
        return Figure(value, bound, "%", "share")
    if match["money"]:
        return Figure(value, bound, _SIGNS.get(match["money"], "USD"), "money")
    return Figure(value, bound)
