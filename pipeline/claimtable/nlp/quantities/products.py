"""Products of units ("newton metres", "kg·m", "tonne-kilometres") and powers below one ("mg kg⁻¹", "m s-2").

Sources: UCUM 2.2, sections 2.3 (algebraic unit terms) and 4 (table of derived units); BIPM, The International System of Units, 5.4.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from claimtable.nlp.quantities.lexer import WORD, Lexed
from claimtable.nlp.quantities.lexicon import Unit, units

_DOTS = frozenset("·⋅∙")
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴−–", "-01234--")
_POWER = re.compile(r"[^\S\r\n]?[·⋅]?[^\S\r\n]?([A-Za-zµμΩ°]{1,5})([-−–⁻][1234¹²³⁴])(?![\w.,]*\d)")
_NO_FACTOR = frozenset(("length", "area", "volume", "time", "angle", "share", "data", "temperature"))
"""What a space alone does not multiply: a ten mile day, a 100 metre second heat."""
_ATOM = re.compile(r"([/.]?)([A-Za-z]+)(-?\d+(?:\.\d+)?)?")


def end_of_product(lex: Lexed, unit: Unit, last: int, attributive: bool) -> tuple[Unit, int] | None:
    """Return the product that begins with a unit and the index behind it; None where the unit stands alone.

    Args:
        lex: the text.
        unit: the unit before token `last`.
        last: the index behind the unit.
        attributive: whether a hyphen joins the unit to its number ("an 8-hour day").
    """
    powers = _powers(lex, unit, last)
    if powers is not None or attributive:
        return powers
    other = _factor(lex, unit, last)
    return None if other is None else (times(unit, other[0]), other[1])


def _factor(lex: Lexed, unit: Unit, last: int) -> tuple[Unit, int] | None:
    """Return the unit that the one before token `last` is multiplied by."""
    sign = lex.tok[last] in _DOTS and lex.joined(last) and lex.joined(last + 1)
    hyphen = lex.is_dash(last) and lex.joined(last) and lex.joined(last + 1)
    if sign:
        found = units()[1].get(lex.tok[last + 1])
        return None if found is None else (found, last + 2)
    k = last + hyphen
    if lex.kind[k] != WORD or lex.low[last - 1] not in _singulars():
        return None
    if unit.dimension == "time" or (not hyphen and unit.dimension in _NO_FACTOR):
        return None
    entry = units()[0].entries.get((lex.low[k],))
    if not isinstance(entry, Unit) or entry.dimension == unit.dimension or lex.low[k] in _singulars():
        return None
    return entry, k + 1


def _powers(lex: Lexed, unit: Unit, last: int) -> tuple[Unit, int] | None:
    """Read the powers below one that follow: "mg kg-1", "W m⁻² K⁻¹"."""
    stop, out = lex.end[last - 1], unit
    while (match := _POWER.match(lex.text, stop)) and (found := units()[1].get(match[1])) is not None:
        power = -int(match[2].translate(_SUPERSCRIPTS))
        out = divided(out, found, power)
        stop = match.end()
    if out is unit:
        return None
    while lex.start[last] < stop:
        last += 1
    return out, last


def times(first: Unit, second: Unit) -> Unit:
    """Return the product of two units: code `A.B`, factor and SI unit multiplied."""
    code = f"{first.code}.{second.code}"
    known = units()[2].get(code)
    si = _multiplied(first.si, second.si, 1)
    factor = first.factor * second.factor
    name = f"{first.name} {second.name}"
    return known or replace(
        first, code=code, label=code, dimension="product", name=name, factor=factor, offset=0.0, si=si
    )


def divided(first: Unit, second: Unit, power: int) -> Unit:
    """Return a unit over a power of another: code `A/B` or `A/B2`; several are divided by one after the other, as UCUM reads them."""
    code = f"{first.code}/{second.code}{power if power > 1 else ''}"
    known = units()[2].get(code)
    si = _multiplied(first.si, second.si, -power)
    factor = first.factor / second.factor**power
    return known or replace(
        first, code=code, label=code, dimension="rate", name=code, factor=factor, offset=0.0, si=si
    )


def product_of(code: str) -> Unit | None:
    """Return the unit of a code `A.B` of units that the table has; None if it has not."""
    parts = [units()[2].get(part) for part in code.split(".")]
    out = parts[0]
    for part in parts[1:]:
        if out is None or part is None:
            return None
        out = times(out, part)
    return out if len(parts) > 1 else None


def _multiplied(first: str, second: str, power: int) -> str:
    """Return the SI unit `first` times `second` to the power, in the notation of the table: "kg.m2/s3"."""
    exponents: dict[str, float] = {}
    for text, sign in ((first, 1), (second, power)):
        for match in _ATOM.finditer("" if text == "1" else text):
            exponent = float(match[3] or 1) * (-1 if match[1] == "/" else 1) * sign
            exponents[match[2]] = exponents.get(match[2], 0.0) + exponent
    above = [_atom(base, x) for base, x in sorted(exponents.items()) if x > 0]
    below = ["/" + _atom(base, -x) for base, x in sorted(exponents.items()) if x < 0]
    return (".".join(above) or "1") + "".join(below)


def _atom(base: str, exponent: float) -> str:
    return base if exponent == 1 else f"{base}{exponent:g}"


@cache
def _singulars() -> frozenset[str]:
    """Return the last words of the names of units that have another plural."""
    last = {words[-1] for words in units()[0].entries}
    return frozenset(
        word for word in last if len(word) > 2 and (word + "s" in last or word in ("foot", "inch"))
    )
