"""Names that are no actors: roads, stops and gates, and abbreviations of things that the text spells out."""

from __future__ import annotations

import functools
import re

from claimtable import rules
from claimtable.nlp.actors.gazetteer import Gazetteer
from claimtable.nlp.actors.view import View

_ROAD = re.compile(
    r"(?:US|I|SR|[ANM]|Hwy|Highway|Route|Road|Interstate|Terminals?|Gates?|Exit|Room|Suite|District)[ -]?\d",
    re.IGNORECASE,
)
"""A number of a road, a gate or a room: "US-75 South", "I-44", "N2", "Terminal 2"."""
_ADDRESS = re.compile(r"(?:[NSEW]\.? )?\d+(?:st|nd|rd|th)? ", re.IGNORECASE)
"""What opens an address: "1355 Inwood Terrace", "S 75th Ave", "51st Street"."""
MAX_BACK = 8
"""Words of what an abbreviation stands for, at most (set by hand: it bounds the search)."""


def is_way(view: View, g: Gazetteer, start: int, end: int) -> bool:
    """Return whether a name is a road, a gate or an address: "Main Street", "I-44"; not one that acts ("Wall Street fears")."""
    last = view.lower(end - 1) if view.text[end - 1] != "." else view.lower(end - 2)
    way = g.is_a("way_head", last.rstrip("."))
    name = view.string[view.start[start] : view.end(end - 1)]
    if _ROAD.match(name) or (_ADDRESS.match(name) and way):
        return True
    if not way or end - start < 2:
        return False
    root = view.doc[start:end].root
    acts = root.dep_ == "nsubj" and root.head.pos_ == "VERB" and root.head.tag_ != "VBN"
    return not acts or g.is_a("stative", root.head.lemma_.lower())


def is_abbreviated_thing(view: View, g: Gazetteer, i: int) -> bool:
    """Return whether an abbreviation stands for a thing: a currency, or what the text says before its brackets ("fatality rate (CFR)")."""
    word = view.text[i]
    if not (2 <= len(word) <= 7 and sum(c.isupper() for c in word) > 1):
        return False
    return word in _currencies() or word in spelled_out(view, g)


def spelled_out(view: View, g: Gazetteer) -> frozenset[str]:
    """Return the abbreviations in brackets behind a thing: "the vehicle registration tax (VRT)"; not behind an organisation."""
    if view.things is None:
        view.things = frozenset(_spelled_out(view, g))
    return view.things


def _spelled_out(view: View, g: Gazetteer) -> set[str]:
    found = set()
    for i in range(1, view.n - 2):
        word = view.text[i + 1]
        if view.text[i] != "(" or view.text[i + 2] not in (")", ",", ";") or not word[:1].isupper():
            continue
        if sum(c.isupper() for c in word) > 1 and _names_thing(view, g, i - 1, word):
            found.add(word)
    return found


def _names_thing(view: View, g: Gazetteer, last: int, word: str) -> bool:
    """Return whether the words up to `last` are what the abbreviation stands for, and a thing."""
    initials = [view.lower(k)[:1] for k in range(max(0, last - MAX_BACK), last + 1)]
    if word[0].lower() not in initials or not view.text[last].isalpha():
        return False
    head = view.lower(last)
    organised = any(
        g.is_a(kind, view.lower(k))
        for kind in ("org_head", "org_cue", "institution", "government", "people")
        for k in range(max(0, last - MAX_BACK + 2), last + 1)
    )
    return not organised and (
        g.is_a("event_head", head) or (not view.capital[last] and view.pos[last] == "NOUN")
    )


@functools.cache
def _currencies() -> frozenset[str]:
    return frozenset(row["code"] for row in rules.table("currencies", "code"))
