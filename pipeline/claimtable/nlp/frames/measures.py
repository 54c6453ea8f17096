"""Scale and unit that the head, title or row label of a table states: "(in thousands)", "Million NOK", "£m", "percent"."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from claimtable.rules import table

_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BEHIND = re.compile(r"(?:\bin\b|\bper\b|,|:|;|–|—|\s-)\s*([^,:;()]*)$", re.IGNORECASE)
_UNSCALED = re.compile(
    r"%|\bper ?cent|\bpercentage|\bratio\b|\bper (?:share|capita|person|head|cent)\b|\brate\b", re.IGNORECASE
)
_PERIOD = re.compile(
    r"\b(?:week|month|quarter|year|season)s? (?:ended|ending|end|to|of|beginning|average|ago)\b"
    r"|\b(?:this|last|previous|prior|current|next) (?:week|month|quarter|year)\b",
    re.IGNORECASE,
)
"""Units of time in a head that say when, not in what the figures are."""
_CODE = re.compile(r"\b[A-Z]{3}\b")
_SYMBOLS = frozenset(["km", "kg", "mm", "cm", "kW", "MW", "GW", "TJ", "GJ"])
"""Symbols of two letters that are no English words."""
_LONGEST_WHOLE = 4
"""Words of a head that can be nothing but its unit ("Million NOK", "thousand metric tonnes")."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What the figures below a head are counted in; None: it does not say."""

    scale: float | None = None
    unit: str | None = None
    dimension: str | None = None
    unscaled: bool = False
    """They are shares or amounts for each, which no scale of the whole table multiplies."""


@functools.cache
def measure_of(text: str) -> Measure:
    """Return what a head says of scale and unit."""
    scale = next((factor for pattern, factor in _scales() if pattern.search(text)), None)
    parts = [*_BRACKETS.findall(text), *(m[1] for m in _BEHIND.finditer(text))]
    if len(text.split()) <= _LONGEST_WHOLE:
        parts.append(text)
    unit, dimension = next((found for part in parts if (found := _unit(part))[0]), (None, None))
    return Measure(scale, unit, dimension, unscaled=_UNSCALED.search(text) is not None)


@functools.cache
def is_measure(text: str) -> bool:
    """Return whether a head says nothing but scale and unit."""
    if measure_of(text) == Measure():
        return False
    plain = text.strip(" ()[]")
    for pattern, _ in _scales():
        plain = pattern.sub(" ", plain)
    for sign, _ in _signs():
        plain = plain.replace(sign, " ")
    plain = re.sub(
        r"%|\bper ?cent(?:age)?s?\b|\b(?:in|of|unit|units|the|and|per|value|amounts?)\b|[^\w\s]",
        " ",
        plain,
        flags=re.IGNORECASE,
    )
    words = plain.split()
    return all(
        w in _codes() or w.lower() in _units() or w.lower().rstrip("s") in _units() or _is_part(w, words)
        for w in words
    )


def _is_part(word: str, words: list[str]) -> bool:
    """Return whether a word belongs to the name of a unit of several ("metric tons")."""
    k = words.index(word)
    pairs = (" ".join(words[a : a + 2]).lower() for a in (k - 1, k) if a >= 0 and a + 1 < len(words))
    return any(pair in _units() for pair in pairs)


def _unit(part: str) -> tuple[str | None, str | None]:
    plain = _PERIOD.sub(" ", " ".join(part.split())).strip(" .")
    if re.search(r"%|\bper ?cents?\b|\bpercentages?\b(?! points?)", plain, re.IGNORECASE):
        return "%", "share"
    code = next((c for c in _CODE.findall(plain) if c in _codes()), None)
    if code is not None:
        return code, "money"
    sign = next((code for form, code in _signs() if form in plain), None)
    if sign is not None:
        return sign, "money"
    for pattern, _ in _scales():
        plain = pattern.sub(" ", plain)
    words = re.sub(r"\b(?:of|in|the|no|number)\b|[.']", " ", plain.lower()).split()
    for size in (3, 2, 1):
        for k in range(len(words) - size + 1):
            found = _units().get(" ".join(words[k : k + size]))
            if found is not None:
                return found
    return None, None


@functools.cache
def _scales() -> tuple[tuple[re.Pattern[str], float], ...]:
    rows = table("table_scales", "factor", "pattern", "source")
    return tuple((re.compile(row["pattern"], re.IGNORECASE), float(row["factor"])) for row in rows)


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(row["code"] for row in table("currencies", "code"))


@functools.cache
def _signs() -> tuple[tuple[str, str], ...]:
    """Sign of money, the longest first."""
    rows = [
        row for row in table("currency_aliases", "code", "kind", "forms") if row["kind"] in ("sign", "prefix")
    ]
    pairs = [
        (form, row["code"])
        for row in rows
        for form in row["forms"].split("|")
        if not form.isalpha() or len(form) > 2
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@functools.cache
def _units() -> dict[str, tuple[str, str]]:
    """Name of units and of money in lower case → code and dimension."""
    found: dict[str, tuple[str, str]] = {}
    for row in table("units", "code", "dimension"):
        names = [n for n in f"{row['names']}|{row['name']}".split("|") if len(n) > 2]
        names += [n for n in row.get("symbols", "").split("|") if len(n) > 2 or n in _SYMBOLS]
        for name in names:
            found.setdefault(name.lower(), (row["code"], row["dimension"]))
    found |= {
        "mt": ("t", "mass"),
        "tons": ("t", "mass"),
        "ha": ("har", "area"),
        "kg": ("kg", "mass"),
        "km": ("km", "length"),
    }
    for row in table("currencies", "code", "name"):
        for name in (row["name"], row["plural"]):
            if name and row["symbol"] is not None:
                found.setdefault(name.lower(), (row["code"], "money"))
    found |= {
        "dollars": ("USD", "money"),
        "us dollars": ("USD", "money"),
        "euro": ("EUR", "money"),
        "euros": ("EUR", "money"),
        "pounds sterling": ("GBP", "money"),
    }
    return found
