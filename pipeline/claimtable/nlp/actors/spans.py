"""Where names stand: the entities of the model, cut to the name, joined with what the gazetteer and the context show.

Every function takes and returns token spans; what a name is (person, organisation, place) and whom it
means is decided later from all its occurrences.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimtable.nlp.actors.gazetteer import Gazetteer, Hit
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
_INNER = frozenset({"of", "for", "and", "the", "&", "on", "de", "du", "del", "la", "des", "in"})
_CURRENCY = frozenset("$£€¥%#@_|/\\<>=+~^{}©®™")
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


def find(view: View, g: Gazetteer) -> list[Found]:
    """Returns the names of a document in text order, not overlapping."""
    known = _known(view, g)
    taken: dict[int, Found] = {}
    for found in known:
        for i in range(found.start, found.end):
            taken[i] = found
    for found in _model_spans(view, g):
        _settle(view, g, found, taken)
    _extend(view, g, taken)
    _organisations(view, g, taken)
    _acronyms(view, g, taken)
    _repeats(view, taken)
    spans = sorted({id(f): f for f in taken.values()}.values(), key=lambda f: f.start)
    for found in spans:
        if found.hit is None or found.hit.form == "capital":
            found.title = _title_before(view, g, found.start)
    return spans


def _known(view: View, g: Gazetteer) -> list[Found]:
    out: list[Found] = []
    text, starts = view.text, g.starts
    i = 0
    while i < view.n:
        if text[i] in starts:
            match = g.match(text, i)
            if match is not None and _fits(view, i, *match):
                end, hit = match
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
    out = []
    for ent in view.doc.ents:
        label = LABELS.get(ent.label_)
        if label is None:
            continue
        start = ent.start
        for i in range(ent.start, ent.end + 1):
            # A line break ends a name, whatever the model says.
            if i == ent.end or (view.pos[i] == "SPACE" and "\n" in view.text[i]):
                trimmed = _trim(view, g, Found(start, i, label, "model"))
                if trimmed is not None:
                    out.append(trimmed)
                start = i + 1
    return out


def _trim(view: View, g: Gazetteer, found: Found) -> Found | None:
    start, end = found.start, found.end
    while start < end and (
        view.is_mark(start) or view.lower(start) in _DETERMINERS or view.text[start] in _POSSESSIVES
    ):
        start += 1
    while end > start and (view.is_mark(end - 1) or view.text[end - 1] in _POSSESSIVES):
        # The full stop of "Inc ." and the bracket of a name stay out; the tokenizer keeps "Inc." whole.
        end -= 1
    if found.label == "PERSON":
        while (
            end - start > 1
            and _is_title(view, g, start)
            and not (end - start == 2 and view.lower(start) == "chief")
        ):
            start += 1
    if start >= end or not _is_name(view, g, start, end, found.label):
        return None
    if (
        start
        and view.text[start - 1] == "The"
        and found.label == "ORG"
        and start - 1 not in view.sentence_starts
    ):
        start -= 1
    found.start, found.end = start, end
    return found


def _is_name(view: View, g: Gazetteer, start: int, end: int, label: str) -> bool:
    words = view.text[start:end]
    if not any(w[:1].isupper() or any(c.isupper() for c in w) for w in words):
        return False
    if any(c in _CURRENCY for w in words for c in w):
        return False
    if end - start > MAX_NAME + 6:
        return False
    if end - start == 1:
        word = words[0].lower()
        if g.is_a("no_name", word) or words[0] in g.words["no_acronym"] or len(word) < 2:
            return False
        # A common noun or adverb at the start of a sentence.
        if start in view.sentence_starts and view.pos[start] != "PROPN" and label != "NORP":
            return False
    return not (label in ("ORG", "LOC") and g.is_a("event_head", words[-1].lower()) and len(words) > 1)


def _is_title(view: View, g: Gazetteer, i: int) -> bool:
    word = view.lower(i).rstrip(".")
    return word in g.titles or g.is_a("role", word)


def _title_before(view: View, g: Gazetteer, start: int) -> int | None:
    i = start - 1
    if i >= 0 and view.text[i] == "." and view.lower(i - 1) in g.titles:
        i -= 1
    if i >= 0 and view.is_capital(i) and view.lower(i).rstrip(".") in g.titles:
        return i
    return None


def _settle(view: View, g: Gazetteer, found: Found, taken: dict[int, Found]) -> None:
    """Enters a span of the model into `taken`, where names of the gazetteer already stand."""
    others = list({id(taken[i]): taken[i] for i in range(found.start, found.end) if i in taken}.values())
    known = [o for o in others if o.hit is not None]
    if len(known) != len(others):
        return
    if any(o.start <= found.start and found.end <= o.end for o in known):
        known[0].origin = "model"
        return
    first = known[0] if known else None
    if first is not None and first.start <= found.start + 0 and first.end < found.end:
        rest = first.end
        while rest < found.end and (
            view.is_mark(rest) or view.text[rest] in _POSSESSIVES or _is_title(view, g, rest)
        ):
            rest += 1
        skipped = rest > first.end
        assert first.hit is not None
        if found.label == "PERSON" and (first.hit.form in ("adjective", "people") or skipped):
            # "German Chancellor Angela Merkel", "Russia's Putin".
            _settle_rest(view, g, rest, found.end, found.label, taken)
            return
        if view.text[first.end] in _POSSESSIVES:
            _settle_rest(view, g, first.end + 1, found.end, found.label, taken)
            return
    if found.label in ("ORG", "LOC", "PERSON"):
        person = _person_after_role(view, g, found, known)
        if person is not None:
            _settle_rest(view, g, person, found.end, "PERSON", taken)
            return
    if (
        found.label in ("LOC", "NORP")
        and known
        and all(o.hit and o.hit.form in ("name", "adjective") for o in known)
    ):
        covered = sum(o.end - o.start for o in known)
        rest_words = [
            view.lower(i) for i in range(found.start, found.end) if i not in taken and not view.is_mark(i)
        ]
        plain = (
            covered
            and (len(known) > 1 or found.label == "NORP")
            and not any(g.is_a("loc_head", w) for w in rest_words)
        )
        if plain:
            return
    for o in known:
        # Partly outside the span: the gazetteer's name stays, the model's is cut.
        if o.start < found.start or o.end > found.end:
            start = max(found.start, o.end) if o.start < found.start else found.start
            end = min(found.end, o.start) if o.end > found.end else found.end
            _settle_rest(view, g, start, end, found.label, taken)
            return
    for i in range(found.start, found.end):
        taken[i] = found


def _settle_rest(view: View, g: Gazetteer, start: int, end: int, label: str, taken: dict[int, Found]) -> None:
    if start >= end:
        return
    rest = _trim(view, g, Found(start, end, label, "model"))
    if rest is not None and not any(i in taken for i in range(rest.start, rest.end)):
        for i in range(rest.start, rest.end):
            taken[i] = rest


def _person_after_role(view: View, g: Gazetteer, found: Found, known: list[Found]) -> int | None:
    """Returns where the person begins in a span that holds a whole phrase: "US Ambassador to Zimbabwe Christopher Dell"."""
    roles = [
        i
        for i in range(found.start, found.end)
        if view.is_capital(i) and view.lower(i).rstrip(".") in g.titles
    ]
    if not roles or roles[-1] == found.end - 1:
        return None
    start = roles[-1] + 1
    if view.text[start] in _INNER or view.text[start] == "to":
        start = max((o.end for o in known if o.start > start), default=start)
        if start == roles[-1] + 1:
            return None
    words = [view.lower(i) for i in range(start, found.end)]
    if not words or len(words) > 3 or g.is_a("org_head", words[-1]) or not view.is_proper(start):
        return None
    return start


def _extend(view: View, g: Gazetteer, taken: dict[int, Found]) -> None:
    """Adds the cut-off parts of names: "Kim Jong" + "Un", "Dominique Strauss" + "-Kahn"."""
    for found in list({id(f): f for f in taken.values()}.values()):
        if found.hit is not None:
            continue
        end = found.end
        while end < view.n and end - found.start < MAX_NAME and end not in taken:
            hyphen = view.text[end] == "-" and view.glued(end) and view.glued(end + 1)
            if hyphen and view.is_capital(end + 1) and end + 1 not in taken:
                end += 2
            elif (
                found.label == "PERSON"
                and view.is_proper(end)
                and view.text[end].isalpha()
                and not _is_title(view, g, end)
                and not g.is_a("no_name", view.lower(end))
                and not g.is_a("event_head", view.lower(end))
                and not view.text[end].isupper()
            ):
                end += 1
            else:
                break
        for i in range(found.end, end):
            taken[i] = found
        found.end = end


def _organisations(view: View, g: Gazetteer, taken: dict[int, Found]) -> None:
    """Finds and completes names with an organisation noun: "Office for National Statistics", "Black Sea Fleet"."""
    i = 0
    while i < view.n:
        if not view.is_capital(i) or not view.is_nominal(i):
            i += 1
            continue
        start = i
        end = _capital_run(view, i)
        i = max(end, i + 1)
        if not 2 <= end - start <= MAX_NAME:
            continue
        heads = [
            k
            for k in range(start, end)
            if g.is_a("org_head", view.lower(k))
            and (k == end - 1 or view.lower(k + 1) in ("of", "for", "on"))
        ]
        if not heads:
            continue
        if view.lower(start) in _DETERMINERS:
            start += 1
        inside = {id(taken[k]): taken[k] for k in range(start, end) if k in taken}
        persons = [f for f in inside.values() if f.label == "PERSON" and f.end <= heads[0]]
        if persons and persons[0].end - persons[0].start > 1:
            continue
        if any(f.hit and f.hit.place.type == "ORG" for f in inside.values()):
            continue
        if g.is_a("event_head", view.lower(end - 1)) and not g.is_a("org_head", view.lower(end - 1)):
            continue
        first = min([start, *(f.start for f in inside.values())])
        last = max([end, *(f.end for f in inside.values())])
        if last - first < 2 or (last - first == 2 and _is_title(view, g, first)):
            continue
        found = Found(first, last, "ORG", "head")
        for k in range(first, last):
            taken[k] = found


def _capital_run(view: View, i: int) -> int:
    """Returns the end of the run of capitalised words that begins at token `i`, small words between them included."""
    end = i + 1
    while end < view.n and end - i <= MAX_NAME:
        if view.is_capital(end) and view.pos[end] != "SPACE":
            end += 1
        elif (
            view.text[end] == "-" and view.glued(end) and view.glued(end + 1) and view.is_capital(end + 1)
        ) or (view.text[end] in ("of", "for", "&") and view.is_capital(end + 1)):
            end += 2
        elif view.text[end] in ("of", "for") and view.lower(end + 1) == "the" and view.is_capital(end + 2):
            end += 3
        elif (
            view.text[end] == "and"
            and view.is_proper(end + 1)
            and any(view.text[k] in ("of", "for") for k in range(i, end))
        ):
            end += 2
        else:
            break
    return min(end, view.n)


def _acronyms(view: View, g: Gazetteer, taken: dict[int, Found]) -> None:
    for i, word in enumerate(view.text):
        if not (3 <= len(word) <= 7 and word.isupper() and word.isalpha()) or i in taken:
            continue
        if word in g.words["no_acronym"] or view.pos[i] != "PROPN" or g.is_a("no_name", word.lower()):
            continue
        if _is_shouted(view, i - 1) or (_is_shouted(view, i + 1) and i + 1 not in taken):
            continue  # a line in capitals
        if view.is_capital(i + 1) and g.is_a("event_head", view.lower(i + 1)):
            continue
        if i + 1 < view.n and view.text[i + 1] in ("-", "/") and view.glued(i + 1):
            continue
        taken[i] = Found(i, i + 1, "ORG", "acronym")


def _is_shouted(view: View, i: int) -> bool:
    return 0 <= i < view.n and len(view.text[i]) > 1 and view.text[i].isupper()


def _repeats(view: View, taken: dict[int, Found]) -> None:
    """Finds the other occurrences of every name, and of the surnames of persons."""
    wanted: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for found in {id(f): f for f in taken.values()}.values():
        if found.hit is not None:
            continue
        words = tuple(view.text[found.start : found.end])
        forms = {words}
        if found.label == "PERSON" and len(words) > 1 and view.text[found.end - 1].istitle():
            forms.add(words[-1:])
        for form in forms:
            if len(form) > 1 or len(form[0]) > 2:
                wanted.setdefault(form[0], []).append((form, found.label))
    for sequences in wanted.values():
        sequences.sort(key=lambda s: -len(s[0]))
    for i, word in enumerate(view.text):
        for form, label in wanted.get(word, ()):
            end = i + len(form)
            if tuple(view.text[i:end]) == form and not any(k in taken for k in range(i, end)):
                if len(form) == 1 and (view.pos[i] != "PROPN" or (view.is_proper(end) and end not in taken)):
                    continue
                found = Found(i, end, label, "repeat")
                for k in range(i, end):
                    taken[k] = found
                break
