"""What a name is: person, organisation, state or town, other place, group; decided once per name of a document.

Evidence of all occurrences is added up: what the recogniser said, what stands before and behind, what
the name is made of. One label per name where the evidence agrees is what readers expect, and a single
wrong guess of the recogniser ("Gazprom" a person) is outvoted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

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
_KINDS: tuple[ActorType, ...] = ("PERSON", "ORG", "LOC", "NORP")


def key_of(view: View, found: Found) -> str:
    """Return the folded name, the same for all spellings of one name, without article and legal form dots."""
    return fold(view.surface(found.start, found.end)).removeprefix("the ")


def decide(view: View, g: Gazetteer, spans: Iterable[Found]) -> dict[str, ActorType]:
    """Return the type of each name that is not the gazetteer's, by `key_of`."""
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
    parts = _Parts()
    for key in sorted(samples, key=lambda k: -len(k.split())):
        tally, sample = votes[key], samples[key]
        # What the name is made of must not be outvoted by many occurrences labelled wrongly in the same way.
        scale = 1.0 + 0.5 * (counts[key] - 1)
        for label, weight in _shape(view, g, sample).items():
            tally[label] += weight * scale
        if key in g.towns and not _is_acronym(view.text[sample.start : sample.end]):
            # Towns share their names with people and firms: the list confirms, it does not decide.
            first = tally["LOC"] > 0 and tally["LOC"] >= max(tally["PERSON"], tally["ORG"])
            tally["LOC"] += _FAIR if first else _WEAK
        if len(key.split()) == 1:
            _single_word(g, key, tally, scale, parts, titled=sample.title is not None)
        best: ActorType = max(_KINDS, key=lambda label: tally[label])
        types[key] = place_type(view, g, sample) if best == "LOC" else best
        parts.add(g, key.split(), best)
    return types


@dataclass(slots=True)
class _Parts:
    """Words of the longer names that are decided, which a name of one word repeats."""

    surnames: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)

    def add(self, g: Gazetteer, words: Sequence[str], type_: str) -> None:
        if len(words) < 2:
            return
        if type_ == "PERSON":
            self.surnames.add(words[-1])
            self.given.add(words[0])
        elif type_ == "ORG" and (words[-1] in g.legal_forms or g.is_a("company", words[-1])):
            self.companies.add(words[0])


def _single_word(g: Gazetteer, key: str, tally: Votes, scale: float, parts: _Parts, *, titled: bool) -> None:
    """Add to the votes of a name of one word what longer names and lists say of it."""
    if key in parts.surnames:
        tally["PERSON"] += _STRONG * scale
    elif key in parts.given:
        tally["PERSON"] += _FAIR * scale
    elif key in parts.companies:
        tally["ORG"] += _STRONG * scale
    elif key not in g.first_names and not titled:
        tally["PERSON"] *= _LONE
        if key not in g.towns and min(tally["PERSON"], tally["LOC"]) > _LONE / 2:
            # Called a person here and a place there: mostly a company that the model does not know.
            tally["ORG"] += (tally["PERSON"] + tally["LOC"]) / 2


_ORIGINS = {"model": 1.0, "head": _FAIR, "acronym": 1.0, "cue": 1.0}
"""What the label of a name counts by where it comes from."""


def _context(view: View, g: Gazetteer, found: Found, tally: Votes) -> None:
    """Add what the words around a name say of its type."""
    if found.origin != "repeat":
        tally[found.label] += _ORIGINS.get(found.origin, 0.0)
    for label, weight, holds in _NEIGHBOURS:
        if holds(view, g, found):
            tally[label] += weight


def _before(view: View, found: Found) -> str:
    return view.lower(found.start - 1)


def _after(view: View, found: Found) -> str:
    return view.lower(found.end)


def _behind_role(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether a role stands before the name: "President Obama"."""
    before = _before(view, found)
    return g.is_a("role", before) and not before.endswith("s") and found.end - found.start <= 4


def _before_role(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether a role stands behind the name: "Ford chairman"."""
    capital = view.is_capital(found.end) or view.glued(found.end)
    return g.is_a("role", _after(view, found)) and not capital


def _behind_cue(view: View, g: Gazetteer, found: Found) -> bool:
    before = _before(view, found)
    return g.is_a("org_cue", before) and not g.is_a("role", before)


def _has_role(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether somebody has a role there: "Ford's chairman"."""
    return _after(view, found) in ("'s", "’s") and g.is_a("role", view.lower(found.end + 1))


def _acts_as_place(view: View, g: Gazetteer, found: Found) -> bool:
    return found.label == "LOC" and _is_agent(view, g, found)


def _behind_locative(view: View, g: Gazetteer, found: Found) -> bool:
    return g.is_a("locative", _before(view, found))


def _role_of(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether the name is of a role: "the head of the Fed"."""
    before = _before(view, found)
    if before not in ("of", "the") or g.is_a("locative", before):
        return False
    return g.is_a("role", view.lower(found.start - (3 if before == "the" else 2)))


def _before_place(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether a larger place follows behind a comma: "in Paris, Texas"."""
    if _after(view, found) != "," or found.end + 1 >= view.n or not view.is_capital(found.end + 1):
        return False
    following = g.match(view.text, found.end + 1)
    return following is not None and following[1].form == "name" and _behind_locative(view, g, found)


def _before_acronym(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether an acronym in brackets follows: "World Health Organization (WHO)"."""
    if _after(view, found) != "(" or view.lower(found.end + 2) != ")":
        return False
    acronym = "".join(view.text[found.end + 1 : found.end + 2])
    return acronym.isupper() and acronym.isalpha() and 2 <= len(acronym) <= 8


def _before_known(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether the brackets behind the name hold an organisation that is known."""
    if _after(view, found) != "(":
        return False
    inside = range(found.end + 1, min(view.n, found.end + 12))
    close = next((k for k in inside if view.text[k] == ")"), found.end)
    hits = (g.match(view.text, k) for k in range(found.end + 1, close))
    return any(hit is not None and hit[1].place.type == "ORG" for hit in hits)


def _has_age(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether an age follows: "Jane Doe, 34,"."""
    return (
        _after(view, found) == ","
        and view.lower(found.end + 1).isdigit()
        and view.lower(found.end + 2) == ","
    )


def _before_who(view: View, g: Gazetteer, found: Found) -> bool:
    after = _after(view, found)
    return after in ("who", "whose") or (after == "," and view.lower(found.end + 1) == "who")


_NEIGHBOURS: tuple[tuple[str, float, Callable[[View, Gazetteer, Found], bool]], ...] = (
    ("PERSON", _STRONG, lambda view, g, found: found.title is not None),
    ("PERSON", _FAIR, _behind_role),
    ("ORG", _FAIR, _before_role),
    ("ORG", _FAIR, _behind_cue),
    ("ORG", _WEAK, _has_role),
    ("ORG", _WEAK, _acts_as_place),
    ("LOC", _WEAK, _behind_locative),
    ("ORG", _WEAK, _role_of),
    ("LOC", _FAIR, _before_place),
    ("ORG", _FAIR, _before_acronym),
    ("ORG", _STRONG, _before_known),
    ("PERSON", _FAIR, _has_age),
    ("PERSON", _FAIR, _before_who),
)
"""Type, weight, and when the words around a name speak for it."""


def _is_agent(view: View, g: Gazetteer, found: Found) -> bool:
    root = view.doc[found.start : found.end].root
    return (
        root.dep_ == "nsubj" and root.head.pos_ == "VERB" and not g.is_a("stative", root.head.lemma_.lower())
    )


def _shape(view: View, g: Gazetteer, found: Found) -> Votes:
    """Return what the words of a name say of its type."""
    tally: Votes = defaultdict(float)
    words = [view.lower(i) for i in range(found.start, found.end)]
    last = words[-1]
    if last in g.legal_forms or (last.rstrip(".") in g.legal_forms and len(words) > 1):
        tally["ORG"] += _STRONG
    if len(words) > 1:
        _shape_of_many(view, g, found, words, tally)
    else:
        tally["ORG"] += _shape_of_one(g, view.text[found.start], last)
    return tally


def _shape_of_many(view: View, g: Gazetteer, found: Found, words: Sequence[str], tally: Votes) -> None:
    # A centre or museum is a place or an organisation, as the text takes it.
    heads = [w for k, w in enumerate(words) if k == len(words) - 1 or words[k + 1] in ("of", "for", "on")]
    if any(g.is_a("org_head", w) and not g.is_a("facility", w) for w in heads):
        tally["ORG"] += _STRONG
    feature = any(g.is_a("loc_head", w) for w in heads) or g.is_a("loc_first", words[0])
    first_name = words[0] in g.first_names
    if feature or _is_part_of_region(view, g, found):
        # "Adam West", "Mark Hill": a first name before a feature word.
        person = first_name and len(words) == 2 and g.is_a("loc_surname", words[-1])
        tally["LOC"] += _WEAK if person else _STRONG
    if any(g.is_a("gpe_head", w) for w in heads):
        tally["LOC"] += _FAIR
    if first_name and words[1] != "-" and len(words) <= 4:
        tally["PERSON"] += _FAIRLY
    if "&" in view.text[found.start : found.end]:
        tally["ORG"] += _FAIR


def _is_part_of_region(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether the name is a region's with a word before it: "Upper Egypt"."""
    tail = g.match(view.text, found.start + 1)
    if tail is None or tail[0] != found.end:
        return False
    return tail[1].place.type == "LOC" and tail[1].form == "name"


def _shape_of_one(g: Gazetteer, word: str, lower: str) -> float:
    """Return what a name of one word says of an organisation."""
    if g.is_a("institution", lower) or g.is_a("org_head", lower):
        return _STRONG
    if len(lower) >= 3 and word.isupper() and word.isalpha():
        # Acronyms are short; a longer word in capitals may be a surname in a transcript ("BREYER").
        return _FAIR if _is_acronym([word]) else _WEAK
    inner = any(c.isupper() for c in word[1:]) and word.isalpha()
    return _WEAK if inner and not lower.startswith(("mc", "mac", "de", "o'")) else 0.0  # "RailTrack"


def _is_acronym(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isupper() and len(words[0]) <= 5


def place_type(view: View, g: Gazetteer, found: Found) -> ActorType:
    """Tell states, provinces and towns (GPE) from seas, mountains and regions (LOC)."""
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
