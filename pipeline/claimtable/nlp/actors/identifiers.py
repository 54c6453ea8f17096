"""Which actor of the world a name means: its item in Wikidata, and the code of a state (ISO 3166-1) or a company (symbol)."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from claimtable.nlp.actors.gazetteer import Gazetteer, fold, gazetteer
from claimtable.nlp.actors.organisations import core_of
from claimtable.rules import table

_PLACES = frozenset(("GPE", "LOC"))


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who is known by more than a name."""

    name: str
    """The name that ids are made of, so that "the Fed" and "Federal Reserve" are one."""
    wikidata: str | None
    code: str | None


def identity(type_: str, names: Iterable[str]) -> Identity | None:
    """Return who is meant by an actor of these names, the canonical one first; None where nobody known is, or several are."""
    known = _known()
    g = gazetteer()
    kind = "GPE" if type_ in _PLACES else type_
    found = [one for name in names if (one := known.get((kind, _key(kind, name, g)))) is not None]
    return found[0] if found and all(one is found[0] for one in found) else None


def _key(kind: str, name: str, g: Gazetteer) -> str:
    return " ".join(core_of(name, g)) if kind == "ORG" else fold(name).removeprefix("the ")


@functools.cache
def _known() -> dict[tuple[str, str], Identity]:
    g = gazetteer()
    known: dict[tuple[str, str], Identity] = {}
    for row in (
        *table("identifier_additions", "name", "type", "source"),
        *table("identifiers", "name", "type"),
    ):
        kind = row["type"]
        one = known.get((kind, _key(kind, row["name"], g)))
        if one is None:
            # Ids are made of the plain name, as articles write it: "apple", not "apple inc".
            name = _key(kind, row["name"], g) if kind == "ORG" else row["name"]
            one = Identity(name, row["wikidata"] or None, row["code"] or None)
        for name in (row["name"], *filter(None, row["names"].split("|"))):
            known.setdefault((kind, _key(kind, name, g)), one)
    return known
