"""Where names stand: the entities of the model, cut to the name, joined with what the gazetteer and the context show.

Every function takes and returns token spans; what a name is (person, organisation, place) and whom it
means is decided later from all its occurrences.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimtable.nlp.actors.gazetteer import Gazetteer, Hit
from claimtable.nlp.actors.things import is_abbreviated_thing, is_way
from claimtable.nlp.actors.view import View

LABELS = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "ORG": "ORG",
    "GPE": "LOC",
    "LOC": "LOC",
    "FAC": "LOC",
    "NORP": "NORP",
}
"""Labels of entity recognisers → the four that are told apart here; others (dates, money) name no actor."""

_DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "our", "its", "their", "his", "her"}
)
_POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
_INNER = frozenset({"of", "for", "and", "the", "&", "on", "de", "du", "del", "la", "des", "in", "to"})
_CURRENCY = frozenset("$£€¥%#_|/\\<>=+~^{}©®™")
_BEFORE_MONTH = frozenset(
    {"in", "since", "until", "till", "by", "last", "this", "next", "of", "from", "early", "late", "mid"}
)
_COMPASS = frozenset({"north", "south", "east", "west"})
_DIRECTIONS = _COMPASS | {
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "central",
    "upper",
    "lower",
    "-",
}
_BREAKS = frozenset({"—", "–", "|", "…", "..."})
MAX_NAME = 9
"""Longest run of capitalised tokens taken for a name; longer ones are headlines in title case."""


@dataclass(slots=True)
class Found:
    """A name at the tokens `start`..`end`."""

    start: int
    end: int
    label: str
    """One of the values of `LABELS`: a guess, the recogniser's where it made one."""
    origin: str
    """`model`, `gazetteer`, `head` (organisation noun), `acronym`, `repeat` (a name seen elsewhere)."""
    hit: Hit | None = None
    title: int | None = None
    """First token of the title directly before the name."""


Taken = dict[int, Found]
"""The span that holds each token, for the tokens in a span."""


def model_spans(view: View, g: Gazetteer) -> Taken:
    """Return the gazetteer's names and the model's, cut to the name; where they overlap, one of them."""
    taken: Taken = {}
    for found in _known(view, g):
        put(taken, found)
    for found in _model_spans(view, g):
        _settle(view, g, found, taken)
    return taken


def put(taken: Taken, found: Found) -> None:
    """Enter a span, over those that it covers."""
    for i in range(found.start, found.end):
        taken[i] = found


def in_order(taken: Taken) -> list[Found]:
    """Return the spans in text order, each once."""
    return sorted({id(f): f for f in taken.values()}.values(), key=lambda f: f.start)


def _known(view: View, g: Gazetteer) -> list[Found]:
    out: list[Found] = []
    text, starts = view.text, g.starts
    i = 0
    while i < view.n:
        if text[i] in starts:
            match = g.match(text, i)
            if match is not None and _fits(view, i, *match):
                end, hit = match
                region = (
                    g.match(text, end)
                    if hit.form == "adjective" and end < view.n and text[end] in starts
                    else None
                )
                if region is not None and region[1].form == "name" and region[1].place.type == "LOC":
                    # "Russian Far East" is a place of its own.
                    out.append(Found(i, region[0], "LOC", "model"))
                    i = region[0]
                    continue
                out.append(
                    Found(i, end, "NORP" if hit.form in ("adjective", "people") else "LOC", "gazetteer", hit)
                )
                i = end
                continue
        i += 1
    return out


def _fits(view: View, start: int, end: int, hit: Hit) -> bool:
    if end < view.n and view.glued(end) and view.text[end][0] in _CURRENCY - {"/"}:
        return False
    if (
        hit.place.type == "LOC"
        and hit.form == "name"
        and end - start == 1
        and view.text[start] in ("West", "Gulf")
    ):
        # "the West" is a party to things; a lone "West" is a direction or a surname.
        return view.lower(start - 1) == "the" and not view.is_proper(end)
    if hit.form in ("capital", "seat") and end - start == 1:
        return view.pos[start] == "PROPN" and not view.is_proper(start - 1)
    return True


def _model_spans(view: View, g: Gazetteer) -> list[Found]:
    trimmed = (trim(view, g, found) for found in recognised(view))
    return [found for found in trimmed if found is not None]


def recognised(view: View) -> list[Found]:
    """Return the names that the recogniser found, as it found them, cut at line breaks and dashes."""
    out = []
    for ent in view.doc.ents:
        label = LABELS.get(ent.label_)
        if label is None:
            continue
        start = ent.start
        for i in range(ent.start, ent.end + 1):
            # A line break ends a name, whatever the model says.
            if i == ent.end or (view.pos[i] == "SPACE" and "\n" in view.text[i]) or view.text[i] in _BREAKS:
                if start < i:
                    out.append(Found(start, i, label, "model"))
                start = i + 1
    return out


def trim(view: View, g: Gazetteer, found: Found) -> Found | None:
    """Cut marks, articles, titles and common nouns off `found` in place; return None where no name is left."""
    start, end = _without_marks(view, found.start, found.end)
    if found.label == "PERSON":
        start = _without_titles(view, g, start, end)
    start, end = _without_nouns(view, g, start, end, found.label)
    if start >= end or not _is_name(view, g, start, end, found.label):
        return None
    opens = start - 1 in view.sentence_starts
    if start and view.text[start - 1] == "The" and found.label == "ORG" and not opens:
        start -= 1
    found.start, found.end = start, end
    return found


def _without_marks(view: View, start: int, end: int) -> tuple[int, int]:
    """Cut marks, determiners and the words that only stand inside a name off both ends.

    The full stop of "Inc ." and the bracket of a name stay out; the tokenizer keeps "Inc." whole.
    """
    while start < end and (
        view.is_mark(start) or view.lower(start) in _DETERMINERS or view.text[start] in _POSSESSIVES
    ):
        start += 1
    while end > start and (view.is_mark(end - 1) or view.text[end - 1] in _POSSESSIVES | _INNER):
        end -= 1
    return start, end


def _without_titles(view: View, g: Gazetteer, start: int, end: int) -> int:
    """Return where the name of a person begins behind its titles; "Chief Seattle" keeps what makes it one."""
    if g.is_a("org_head", view.lower(end - 1)):
        return start
    while end - start > 1 and is_title(view, g, start):
        if end - start == 2 and view.lower(start) == "chief":
            break
        start += 1
    return start


def _without_nouns(view: View, g: Gazetteer, start: int, end: int, label: str) -> tuple[int, int]:
    """Cut common nouns at the ends: "European statistical agency Eurostat", "South American nations"."""
    while end - start > 1 and g.is_a("tail", view.text[end - 1]):
        end -= 1
    for i in range(end - 2, start, -1):
        word = view.text[i]
        if (g.is_a("org_cue", word) or g.is_a("role", word)) and view.capital[i + 1]:
            return i + 1, end
    return start, end


def _is_name(view: View, g: Gazetteer, start: int, end: int, label: str) -> bool:
    """Return whether the tokens `start`..`end`, cut already, are a name at all."""
    words = view.text[start:end]
    characters = "".join(words)
    if end - start > MAX_NAME + 6 or any(c in _CURRENCY for c in characters):
        return False
    if not any(c.isupper() for c in characters) and (end - start > 2 or view.pos[end - 1] != "PROPN"):
        return False
    if view.lower(start - 1) != "the" and all(w.lower() in _DIRECTIONS for w in words):
        return False  # "Northeast 3, North-Central 12": parts of a place that the text does not name
    if end - start == 1 and not _is_name_of_one_word(view, g, start, label):
        return False
    if label == "NORP":
        return True
    if label != "PERSON" and is_way(view, g, start, end):
        return False
    event = label in ("ORG", "LOC") and len(words) > 1 and g.is_a("event_head", words[-1].lower())
    return not event and not all(_is_part_of_title(view, g, i) for i in range(start, end))


def _is_part_of_title(view: View, g: Gazetteer, i: int) -> bool:
    return is_title(view, g, i) or g.is_a("title_part", view.lower(i)) or view.text[i] in _INNER


def _is_name_of_one_word(view: View, g: Gazetteer, i: int, label: str) -> bool:
    text, word = view.text[i], view.lower(i)
    if g.is_a("no_name", word) or text in g.words["no_acronym"] or len(word) < 2 or _is_month(view, i):
        return False
    if is_abbreviated_thing(view, g, i):
        return False
    if text.islower() and len(word) < 4:
        return False  # "us"
    if label == "LOC" and g.is_a("loc_head", word) and word not in _COMPASS:
        return False  # "the Peninsula"
    # A common noun or adverb at the start of a sentence.
    return not (i in view.sentence_starts and view.pos[i] != "PROPN" and label != "NORP")


def _is_month(view: View, i: int) -> bool:
    """Return whether "May" is the month: behind "in", "since", "last", or before a number."""
    if view.lower(i) != "may":
        return False
    return view.lower(i - 1) in _BEFORE_MONTH or view.lower(i + 1)[:1].isdigit()


def is_title(view: View, g: Gazetteer, i: int) -> bool:
    word = view.lower(i).rstrip(".")
    return word in g.titles or g.is_a("role", word)


def title_before(view: View, g: Gazetteer, start: int) -> int | None:
    i = start - 1
    if i >= 0 and view.text[i] == "." and view.lower(i - 1) in g.titles:
        i -= 1
    if i >= 0 and view.is_capital(i) and view.lower(i).rstrip(".") in g.titles:
        return i
    return None


def _settle(view: View, g: Gazetteer, found: Found, taken: Taken) -> None:
    """Enter a span of the model into `taken`, where names of the gazetteer already stand."""
    others = list({id(taken[i]): taken[i] for i in range(found.start, found.end) if i in taken}.values())
    known = [o for o in others if o.hit is not None]
    if len(known) != len(others):
        return  # a part of "Russian Far East"
    if any(o.start <= found.start and found.end <= o.end for o in known):
        return
    rest = _proper_part(view, g, found, known)
    if rest is not None:
        start, label = rest
        _settle_rest(view, g, start, found.end, label, taken)
        return
    if known and found.label in ("LOC", "NORP") and _only_known(view, g, found, known):
        return
    for o in known:
        # Partly outside the span: the gazetteer's name stays, the model's is cut.
        if o.start < found.start or o.end > found.end:
            start = max(found.start, o.end) if o.start < found.start else found.start
            end = min(found.end, o.start) if o.end > found.end else found.end
            _settle_rest(view, g, start, end, found.label, taken)
            return
    put(taken, found)


def _proper_part(view: View, g: Gazetteer, found: Found, known: list[Found]) -> tuple[int, str] | None:
    """Return where the name begins behind a known one or a role, and its label; None where the span is one name."""
    if known and known[0].start <= found.start:
        rest = _after_known(view, g, found, known[0])
        if rest is not None:
            return rest, "PERSON" if rest > known[0].end + 1 else found.label
    person = None if found.label == "NORP" else _person_after_role(view, g, found, known)
    return None if person is None else (person, "PERSON")


def _after_known(view: View, g: Gazetteer, found: Found, known: Found) -> int | None:
    """Return where the name proper begins in "German Chancellor Angela Merkel", "Russia's Putin"; None for one name."""
    assert known.hit is not None
    rest = known.end
    if view.text[rest] in _POSSESSIVES:
        return rest + 1
    while rest < found.end and is_title(view, g, rest):
        rest += 1
    if found.label == "PERSON" and (known.hit.form in ("adjective", "people") or rest > known.end):
        return rest
    two_names = found.end - rest == 2 and view.lower(rest) in g.first_names
    if two_names and view.is_proper(found.end - 1) and not g.is_a("org_head", view.lower(found.end - 1)):
        return rest
    return None


def _only_known(view: View, g: Gazetteer, found: Found, known: list[Found]) -> bool:
    """Return whether a span of places is a list of known ones or a people with a noun, so that nothing is to be added."""
    if len(known) == 1:
        return found.label == "NORP"
    first, second = known[0], known[1]
    if len(known) == 2 and first.hit and first.hit.form == "adjective" and first.end == second.start:
        return False  # "Western Australia", "Soviet Union"
    inside = {i for o in known for i in range(o.start, o.end)}
    rest = [view.lower(i) for i in range(found.start, found.end) if i not in inside and not view.is_mark(i)]
    return not any(g.is_a("loc_head", w) or g.is_a("org_head", w) for w in rest)


def _settle_rest(view: View, g: Gazetteer, start: int, end: int, label: str, taken: Taken) -> None:
    if start >= end:
        return
    rest = trim(view, g, Found(start, end, label, "model"))
    if rest is not None and not any(i in taken for i in range(rest.start, rest.end)):
        put(taken, rest)


def _person_after_role(view: View, g: Gazetteer, found: Found, known: list[Found]) -> int | None:
    """Return where the person begins in a span that holds a whole phrase: "US Ambassador to Zimbabwe Christopher Dell"."""
    roles = [
        i
        for i in range(found.start, found.end)
        if view.is_capital(i) and view.lower(i).rstrip(".") in g.titles
    ]
    if not roles or roles[-1] == found.end - 1:
        return None
    start = roles[-1] + 1
    if view.text[start] in _INNER:
        start = max((o.end for o in known if o.start > start), default=start)
        if start == roles[-1] + 1:
            return None
    words = [view.lower(i) for i in range(start, found.end)]
    if not words or len(words) > 3 or g.is_a("org_head", words[-1]) or not view.is_proper(start):
        return None
    return start
