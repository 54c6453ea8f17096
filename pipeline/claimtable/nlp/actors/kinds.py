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
_STRONG, _FAIR, _FAIRLY, _WEAK = 3.0, 1.5, 1.0, 0.7
_LONE = 0.8
"""Factor on the votes for a person of one word that is no known first name and never has a title or a full name."""

Votes = dict[str, float]


def key_of(view: View, found: Found) -> str:
    """Returns the folded name, the same for all spellings of one name, without article and legal form dots."""
    return fold(view.surface(found.start, found.end)).removeprefix("the ")


def decide(view: View, g: Gazetteer, spans: Iterable[Found]) -> dict[str, ActorType]:
    """Returns the type of each name that is not the gazetteer's, by `key_of`."""
    votes: dict[str, Votes] = defaultdict(lambda: defaultdict(float))
    samples: dict[str, Found] = {}
    counts: dict[str, int] = defaultdict(int)
    for found in spans:
        if found.hit is None:
            key = key_of(view, found)
            samples.setdefault(key, found)
            counts[key] += 1
            _context(view, g, found, votes[key])
    types: dict[str, ActorType] = {}
    surnames: set[str] = set()
    given: set[str] = set()
    companies: set[str] = set()
    for key in sorted(samples, key=lambda k: -len(k.split())):
        words = key.split()
        tally = votes[key]
        # What the name is made of must not be outvoted by many occurrences labelled wrongly in the same way.
        scale = 1.0 + 0.5 * (counts[key] - 1)
        for label, weight in _shape(view, g, samples[key]).items():
            tally[label] += weight * scale
        if key in g.towns and not _is_acronym(view.text[samples[key].start : samples[key].end]):
            # Towns share their names with people and firms: the list confirms, it does not decide.
            first = tally["LOC"] > 0 and tally["LOC"] >= max(tally["PERSON"], tally["ORG"])
            tally["LOC"] += _FAIR if first else _WEAK
        if len(words) == 1:
            if key in surnames:
                tally["PERSON"] += _STRONG * scale
            elif key in given:
                tally["PERSON"] += _FAIR * scale
            elif key in companies:
                tally["ORG"] += _STRONG * scale
            elif key not in g.first_names and samples[key].title is None:
                tally["PERSON"] *= _LONE
                if key not in g.towns and min(tally["PERSON"], tally["LOC"]) > _LONE / 2:
                    # Called a person here and a place there: mostly a company that the model does not know.
                    tally["ORG"] += (tally["PERSON"] + tally["LOC"]) / 2
        best = max(("PERSON", "ORG", "LOC", "NORP"), key=lambda label: tally[label])
        if best == "LOC":
            types[key] = place_type(view, g, samples[key])
        else:
            types[key] = "PERSON" if best == "PERSON" else "ORG" if best == "ORG" else "NORP"
        if len(words) > 1 and best == "PERSON":
            surnames.add(words[-1])
            given.add(words[0])
        elif (
            len(words) > 1 and best == "ORG" and (words[-1] in g.legal_forms or g.is_a("company", words[-1]))
        ):
            companies.add(words[0])
    return types


def _context(view: View, g: Gazetteer, found: Found, tally: Votes) -> None:
    if found.origin != "repeat":
        tally[found.label] += {"model": 1.0, "head": _FAIR, "acronym": 1.0, "cue": 1.0}.get(found.origin, 0.0)
    if found.title is not None:
        tally["PERSON"] += _STRONG
    before, after = view.lower(found.start - 1), view.lower(found.end)
    if g.is_a("role", before) and not before.endswith("s") and found.end - found.start <= 4:
        tally["PERSON"] += _FAIR
    if g.is_a("role", after) and not view.is_capital(found.end) and not view.glued(found.end):
        tally["ORG"] += _FAIR
    if g.is_a("org_cue", before) and not g.is_a("role", before):
        tally["ORG"] += _FAIR
    if after in ("'s", "’s") and g.is_a("role", view.lower(found.end + 1)):
        tally["ORG"] += _WEAK
    if found.label == "LOC" and _is_agent(view, g, found):
        tally["ORG"] += _WEAK
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
    if after == "(":
        close = next(
            (k for k in range(found.end + 1, min(view.n, found.end + 12)) if view.text[k] == ")"), found.end
        )
        hits = (g.match(view.text, k) for k in range(found.end + 1, close))
        if any(hit is not None and hit[1].place.type == "ORG" for hit in hits):
            tally["ORG"] += _STRONG
    if after == "," and view.lower(found.end + 1).isdigit() and view.lower(found.end + 2) == ",":
        tally["PERSON"] += _FAIR
    if after in ("who", "whose") or (after == "," and view.lower(found.end + 1) == "who"):
        tally["PERSON"] += _FAIR


def _is_agent(view: View, g: Gazetteer, found: Found) -> bool:
    root = view.doc[found.start : found.end].root
    return (
        root.dep_ == "nsubj" and root.head.pos_ == "VERB" and not g.is_a("stative", root.head.lemma_.lower())
    )


def _shape(view: View, g: Gazetteer, found: Found) -> Votes:
    tally: Votes = defaultdict(float)
    words = [view.lower(i) for i in range(found.start, found.end)]
    surface = view.text[found.start : found.end]
    last = words[-1]
    if last in g.legal_forms or (last.rstrip(".") in g.legal_forms and len(words) > 1):
        tally["ORG"] += _STRONG
    if len(words) > 1:
        # A centre or museum is a place or an organisation, as the text takes it.
        heads = [w for k, w in enumerate(words) if k == len(words) - 1 or words[k + 1] in ("of", "for", "on")]
        if any(g.is_a("org_head", w) and not g.is_a("facility", w) for w in heads):
            tally["ORG"] += _STRONG
        tail = g.match(view.text, found.start + 1)
        region = (
            tail is not None
            and tail[0] == found.end
            and tail[1].place.type == "LOC"
            and tail[1].form == "name"
        )
        if region or any(g.is_a("loc_head", w) for w in heads) or g.is_a("loc_first", words[0]):
            # "Adam West", "Mark Hill": a first name before a feature word.
            person = words[0] in g.first_names and len(words) == 2 and g.is_a("loc_surname", last)
            tally["LOC"] += _WEAK if person else _STRONG
        if any(g.is_a("gpe_head", w) for w in heads):
            tally["LOC"] += _FAIR
        if words[0] in g.first_names and words[1] != "-" and len(words) <= 4:
            tally["PERSON"] += _FAIRLY
        if "&" in surface:
            tally["ORG"] += _FAIR
    elif g.is_a("institution", last) or g.is_a("org_head", last):
        tally["ORG"] += _STRONG
    elif len(last) >= 3 and surface[0].isupper() and surface[0].isalpha():
        # Acronyms are short; a longer word in capitals may be a surname in a transcript ("BREYER").
        tally["ORG"] += _FAIR if _is_acronym(surface) else _WEAK
    elif (
        any(c.isupper() for c in surface[0][1:])
        and surface[0].isalpha()
        and not last.startswith(("mc", "mac", "de", "o'"))
    ):
        tally["ORG"] += _WEAK  # "RailTrack"
    return tally


def _is_acronym(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isupper() and len(words[0]) <= 5


def place_type(view: View, g: Gazetteer, found: Found) -> ActorType:
    """Tells states, provinces and towns (GPE) from seas, mountains and regions (LOC)."""
    name = view.surface(found.start, found.end)
    words = [w.lower() for w in name.split()]
    if fold(name) in g.towns and not _is_acronym(name.split()):
        return "GPE"
    if g.is_a("loc_head", words[-1]) or g.is_a("loc_first", words[0]):
        return "LOC"
    if any(g.is_a("gpe_head", w) for w in words):
        return "GPE"
    if view.lower(found.start - 1) == "the" or words[-1].endswith(
        ("ern", "asia", "africa", "europe", "america")
    ):
        return "LOC"
    return "GPE"
