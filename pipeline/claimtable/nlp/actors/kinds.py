"""What a name is: person, organisation, state or town, other place, group; decided once per name of a document.

Evidence of all occurrences is added up: what the recogniser said, what stands before and behind, what
the name is made of. One label per name where the evidence agrees is what readers expect, and a single
wrong guess of the recogniser ("Gazprom" a person) is outvoted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from claimtable.nlp.actors.gazetteer import Gazetteer, fold
from claimtable.nlp.actors.spans import Found
from claimtable.nlp.actors.view import View
from claimtable.schema import ActorType

# Weights in votes of the recogniser (one vote = one occurrence that it labelled); set by hand on the development
# articles so that a strong sign (title, legal form) outweighs about three votes and a weak one (a preposition)
# only breaks ties.
_STRONG, _FAIR, _WEAK = 3.0, 1.5, 0.7

Votes = dict[str, float]


def key_of(view: View, found: Found) -> str:
    """Returns the folded name, the same for all spellings of one name, without article and legal form dots."""
    return fold(view.surface(found.start, found.end)).removeprefix("the ")


def decide(view: View, g: Gazetteer, spans: Iterable[Found]) -> dict[str, ActorType]:
    """Returns the type of each name that is not the gazetteer's, by `key_of`."""
    votes: dict[str, Votes] = defaultdict(lambda: defaultdict(float))
    samples: dict[str, Found] = {}
    for found in spans:
        if found.hit is None:
            key = key_of(view, found)
            samples.setdefault(key, found)
            _context(view, g, found, votes[key])
    for key, found in samples.items():
        _shape(view, g, found, votes[key])
    types: dict[str, ActorType] = {}
    surnames: set[str] = set()
    for key in sorted(samples, key=lambda k: -len(k.split())):
        words = key.split()
        tally = votes[key]
        if len(words) == 1 and key in surnames:
            tally["PERSON"] += _STRONG
        best = max(("PERSON", "ORG", "LOC", "NORP"), key=lambda label: tally[label])
        if best == "PERSON":
            types[key] = "PERSON"
            if len(words) > 1:
                surnames.add(words[-1])
        elif best == "LOC":
            types[key] = place_type(view, g, samples[key])
        else:
            types[key] = "ORG" if best == "ORG" else "NORP"
    return types


def _context(view: View, g: Gazetteer, found: Found, tally: Votes) -> None:
    if found.origin != "repeat":
        tally[found.label] += {"model": 1.0, "head": _STRONG, "acronym": 1.0}.get(found.origin, 0.0)
    if found.title is not None:
        tally["PERSON"] += _STRONG
    before, after = view.lower(found.start - 1), view.lower(found.end)
    if g.is_a("role", before) and not before.endswith("s") and found.end - found.start <= 4:
        tally["PERSON"] += _FAIR
    if g.is_a("role", after) and not view.is_capital(found.end) and not view.glued(found.end):
        tally["ORG"] += _FAIR
    if g.is_a("locative", before):
        tally["LOC"] += _WEAK
    elif before in ("of", "the") and g.is_a("role", view.lower(found.start - (3 if before == "the" else 2))):
        tally["ORG"] += _WEAK
    if after == "," and found.end + 1 < view.n and view.is_capital(found.end + 1):
        following = g.match(view.text, found.end + 1)
        if following is not None and following[1].form == "name" and g.is_a("locative", before):
            tally["LOC"] += _FAIR
    if after == "(" and view.text[found.end + 1 : found.end + 2] and view.lower(found.end + 2) == ")":
        acronym = view.text[found.end + 1]
        if acronym.isupper() and 2 <= len(acronym) <= 8 and acronym.isalpha():
            tally["ORG"] += _FAIR
    if after == "," and view.lower(found.end + 1).isdigit() and view.lower(found.end + 2) == ",":
        tally["PERSON"] += _FAIR
    if after in ("who", "whose") or (after == "," and view.lower(found.end + 1) == "who"):
        tally["PERSON"] += _FAIR


def _shape(view: View, g: Gazetteer, found: Found, tally: Votes) -> None:
    words = [view.lower(i) for i in range(found.start, found.end)]
    surface = view.text[found.start : found.end]
    last = words[-1]
    if last in g.legal_forms or (last.rstrip(".") in g.legal_forms and len(words) > 1):
        tally["ORG"] += _STRONG
    if len(words) > 1:
        heads = [w for k, w in enumerate(words) if k == len(words) - 1 or words[k + 1] in ("of", "for", "on")]
        if any(g.is_a("org_head", w) for w in heads):
            tally["ORG"] += _STRONG
        if any(g.is_a("loc_head", w) for w in heads) or words[0] in (
            "mount",
            "lake",
            "cape",
            "river",
            "gulf",
        ):
            tally["LOC"] += _STRONG
        if any(g.is_a("gpe_head", w) for w in heads):
            tally["LOC"] += _FAIR
        if words[0] in g.first_names and len(words) <= 4:
            tally["PERSON"] += _FAIR
        if "&" in surface:
            tally["ORG"] += _FAIR
    elif g.is_a("institution", last):
        tally["ORG"] += _STRONG
    elif len(last) >= 3 and surface[0].isupper() and surface[0].isalpha():
        tally["ORG"] += _FAIR
    elif (
        any(c.isupper() for c in surface[0][1:])
        and surface[0].isalpha()
        and not last.startswith(("mc", "mac", "de", "o'"))
    ):
        tally["ORG"] += _WEAK  # "RailTrack"
    if fold(" ".join(surface)) in g.towns:
        tally["LOC"] += _WEAK


def place_type(view: View, g: Gazetteer, found: Found) -> ActorType:
    """Tells states, provinces and towns (GPE) from seas, mountains and regions (LOC)."""
    name = view.surface(found.start, found.end)
    words = [w.lower() for w in name.split()]
    if fold(name) in g.towns:
        return "GPE"
    if g.is_a("loc_head", words[-1]) or words[0] in (
        "mount",
        "lake",
        "cape",
        "river",
        "gulf",
        "strait",
        "bay",
    ):
        return "LOC"
    if any(g.is_a("gpe_head", w) for w in words):
        return "GPE"
    if view.lower(found.start - 1) == "the" or words[-1].endswith(
        ("ern", "asia", "africa", "europe", "america")
    ):
        return "LOC"
    return "GPE"
