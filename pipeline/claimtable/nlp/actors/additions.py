"""Names that the model missed or cut: the rest of a name, organisation nouns, acronyms, titles and apposition, repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

from claimtable.nlp.actors.definitions import without_things
from claimtable.nlp.actors.gazetteer import Gazetteer, fold
from claimtable.nlp.actors.spans import (
    MAX_NAME,
    Found,
    Taken,
    in_order,
    is_title,
    model_spans,
    put,
    title_before,
)
from claimtable.nlp.actors.things import is_abbreviated_thing
from claimtable.nlp.actors.view import View

_PARTICLES = frozenset({"al", "el", "ul", "ad", "as", "at", "abu", "bin", "ibn"})
_PAPERS = frozenset({"newspaper", "magazine", "daily", "website"})
_OF = frozenset({"of", "for", "on"})
_AFTER_COMMA = frozenset({"inc", "inc.", "ltd", "ltd.", "llc"})
"""Legal forms that a comma parts from the name."""
_OFFICES = frozenset({"department", "ministry", "committee", "office", "bureau", "commission"})


def find(view: View, g: Gazetteer) -> list[Found]:
    """Return the names of a document in text order, not overlapping."""
    taken = model_spans(view, g)
    _portfolios(view, taken)
    _extend(view, g, taken)
    _organisations(view, g, taken)
    _single_words(view, g, taken)
    _cut_joined(view, taken)
    _repeats(view, g, taken)
    spans = without_things(view, in_order(taken))
    for found in spans:
        if found.hit is None or found.hit.form == "capital":
            found.title = title_before(view, g, found.start)
    return spans


def _extend(view: View, g: Gazetteer, taken: Taken) -> None:
    """Add the cut-off parts of names: "Kim Jong" + "Un", "Dominique Strauss" + "-Kahn", "Ketchum" + "Inc."."""
    for found in in_order(taken):
        if found.hit is not None:
            continue
        end = found.end
        while end < view.n and end - found.start < MAX_NAME and end not in taken:
            size = _part_behind(view, g, found, end, taken)
            if not size:
                break
            end += size
        start = found.start
        if start >= 2 and view.text[start - 1] == "-" and view.glued(start) and start - 2 not in taken:
            proper = view.is_proper(start - 2) and found.label != "NORP"
            start -= 2 * (proper or view.lower(start - 2) in _PARTICLES)
        found.start, found.end = start, min(end, view.n)
        put(taken, found)


def _part_behind(view: View, g: Gazetteer, found: Found, i: int, taken: Taken) -> int:
    """Return how many tokens at `i` belong to the name before them; a legal form makes it an organisation."""
    if view.text[i] == "-" and view.glued(i) and view.glued(i + 1):
        return 2 if view.is_capital(i + 1) and i + 1 not in taken else 0
    if found.label == "PERSON" and _continues_person(view, g, found, i):
        return 1
    size = 0
    if view.lower(i) in g.legal_forms and (view.is_capital(i) or "." in view.text[i]):
        size = 1
    elif view.text[i] == "," and view.lower(i + 1) in _AFTER_COMMA:
        size = 2
    if size:
        found.label = "ORG"
    return size


def _portfolios(view: View, taken: Taken) -> None:
    """Complete names that list what an office is for: "Department of the Environment, Heritage and Local Government"."""
    for found in in_order(taken):
        if found.hit is not None or found.label == "PERSON" or view.lower(found.start) not in _OFFICES:
            continue
        end = _list_end(view, found.end)
        if end is not None:
            found.end = end
            put(taken, found)


def _list_end(view: View, i: int) -> int | None:
    """Return the end of a list of capitalised names that goes on at token `i` with a comma and closes with "and"; else None."""
    while view.text[i : i + 1] == [","] and view.is_capital(i + 1):
        i += 1
        while view.is_capital(i) and not view.is_mark(i):
            i += 1
        if view.lower(i) == "and" and view.is_proper(i + 1):
            i += 1
            while view.is_proper(i):
                i += 1
            return i
    return None


def _continues_person(view: View, g: Gazetteer, found: Found, i: int) -> bool:
    word = view.lower(i)
    if not view.is_proper(i) or not view.text[i].isalpha() or (len(word) > 3 and view.text[i].isupper()):
        return False
    if (
        is_title(view, g, i)
        or g.is_a("no_name", word)
        or g.is_a("event_head", word)
        or g.is_a("org_head", word)
    ):
        return False
    token = view.doc[i]
    joined = token.dep_.lower().startswith(("flat", "compound")) and found.start <= token.head.i < i
    return joined or (found.end - found.start == 1 and not is_title(view, g, found.start))


def _organisations(view: View, g: Gazetteer, taken: Taken) -> None:
    """Find and completes names with an organisation noun: "Office for National Statistics", "Black Sea Fleet"."""
    i = 0
    while i < view.n:
        if not view.capital[i] or not view.is_nominal(i):
            i += 1
            continue
        end = capital_run(view, i)
        if 2 <= end - i <= MAX_NAME:
            for start, stop in _parties(view, g, taken, i, end):
                _organisation(view, g, taken, start, stop)
        i = end


def _parties(view: View, g: Gazetteer, taken: Taken, start: int, end: int) -> list[tuple[int, int]]:
    """Cut "Liberal Party-National Party" in two; other runs stay whole."""
    for i in range(start + 1, end - 2):
        if (
            view.text[i] == "-"
            and g.is_a("org_head", view.lower(i - 1))
            and g.is_a("org_head", view.lower(end - 1))
        ):
            across = taken.get(i)
            if across is not None:
                for k in range(across.start, across.end):
                    del taken[k]
            return [(start, i), (i + 1, end)]
    return [(start, end)]


def _organisation(view: View, g: Gazetteer, taken: Taken, start: int, end: int) -> None:
    """Enter the organisation in the run of capitalised words `start`..`end`, with the names that it holds."""
    heads = [k for k in range(start, end) if _is_org_head(view, g, k, end)]
    if not heads:
        return
    start = _name_start(view, start, heads[0])
    if heads[0] == start and start + 1 < end and view.lower(start).endswith("s"):
        return  # "Services of Armstrong Williams": a common noun in the plural
    inside = list({id(taken[k]): taken[k] for k in range(start, end) if k in taken}.values())
    if any(_stands_against(f, start, end) for f in inside):
        return
    start = min([start, *(f.start for f in inside)])
    end = max([end, *(f.end for f in inside)])
    model = {f.label for f in inside if f.origin == "model"}
    if model == {"LOC"} and g.is_a("facility", view.lower(heads[-1])):
        put(taken, Found(start, end, "LOC", "model"))
    elif end - start > 1 and not is_title(view, g, end - 1):
        put(taken, Found(start, end, "ORG", "head"))


def _name_start(view: View, start: int, head: int) -> int:
    """Return where the name with the organisation noun `head` begins.

    "Details of the South American Community": what stands before the "of" belongs to the name only with its own head.
    """
    while start < head and (view.lower(start) in ("the", "a", "an") or view.text[start] in _OF):
        start += 1
    before = [k for k in range(start, head) if view.text[k] in _OF]
    if not before:
        return start
    return before[-1] + 1 + (view.lower(before[-1] + 1) == "the")


def _is_org_head(view: View, g: Gazetteer, k: int, end: int) -> bool:
    """Return whether token `k` is an organisation noun at the end of its run, or before "of", "for", "on"."""
    return g.is_a("org_head", view.lower(k)) and (k == end - 1 or view.lower(k + 1) in _OF)


def _stands_against(found: Found, start: int, end: int) -> bool:
    """Return whether a name in `start`..`end` rules out an organisation: a person's, or the gazetteer's for all of it."""
    if found.label == "PERSON" and found.end - found.start > 1:
        return True
    return found.hit is not None and found.start <= start and found.end >= end


def capital_run(view: View, i: int) -> int:
    """Return the end of the run of capitalised words that begins at token `i`, small words between them included."""
    end = i + 1
    while end < view.n and end - i <= MAX_NAME:
        word = view.text[end]
        if view.is_capital(end) and view.pos[end] != "SPACE":
            end += 1
        elif (word in ("of", "for", "&") and view.is_capital(end + 1)) or (
            word == "-" and view.glued(end) and view.glued(end + 1) and view.is_capital(end + 1)
        ):
            end += 2
        elif word in ("of", "for") and view.lower(end + 1) == "the" and view.is_capital(end + 2):
            end += 3
        elif (
            word == "and"
            and view.is_proper(end + 1)
            and any(view.text[k] in ("of", "for") for k in range(i, end))
        ):
            end += 2
        else:
            break
    return min(end, view.n)


def _single_words(view: View, g: Gazetteer, taken: Taken) -> None:
    """Find acronyms, institutions of one word, towns after "in", and names after a title, role or organisation noun."""
    common = {word for word in view.text if word.islower()}
    # A word in capitals that comes again is a name, whatever the tagger says.
    counts = Counter(word for word in view.text if word.isupper())
    for i, word in enumerate(view.text):
        if not view.capital[i] or i in taken:
            continue
        lower = word.lower()
        no_name = g.is_a("no_name", lower)
        if not no_name and _may_be_acronym(view, g, i):
            if lower not in common and _is_acronym(view, g, taken, i, again=counts[word] > 1):
                label = "LOC" if len(word) > 5 and fold(word) in g.towns else "ORG"
                put(taken, Found(i, i + 1, label, "acronym"))
        elif g.is_a("institution", lower):
            _institution(view, taken, i)
        elif not no_name and _may_be_name(view, i):
            _cued(view, g, taken, i)
            if i not in taken and view.pos[i] == "PROPN" and _is_described_as_company(view, g, i):
                put(taken, Found(i, i + 1, "ORG", "cue"))


def _institution(view: View, taken: Taken, i: int) -> None:
    """Enter "the Government"; lower case is the rule for the common noun, and a capital opens a sentence anyway."""
    if view.is_nominal(i) and i not in view.sentence_starts and not view.is_capital(i + 1):
        put(taken, Found(i, i + 1, "ORG", "head"))


def _may_be_acronym(view: View, g: Gazetteer, i: int) -> bool:
    """Return whether a word has the shape of an acronym and does not open a sentence."""
    word = view.text[i]
    shape = 3 <= len(word) <= 7 and word.isupper() and word.isalpha()
    thing = word in g.words["no_acronym"] or is_abbreviated_thing(view, g, i)
    return shape and not thing and i not in view.sentence_starts


def _is_described_as_company(view: View, g: Gazetteer, i: int) -> bool:
    """Recognise a name that is said to be owned or a unit of something: "Zipwear, owned by X", "Zipwear, a unit of X"."""
    for c in view.doc[i].children:
        if c.i > i and c.dep_.partition(":")[0] == "acl" and g.is_a("corporate", c.lemma_.lower()):
            return c.tag_ == "VBN" or any(x.lower_ in ("which", "that") for x in c.children)
        if c.i > i and c.dep_ == "appos" and g.is_a("org_cue", c.lower_):
            return True
    return False


def _may_be_name(view: View, i: int) -> bool:
    """Tell proper nouns, and nouns with a capital and a digit ("Zap9"), from others."""
    coined = view.pos[i] == "NOUN" and view.text[i][-1:].isdigit() and view.text[i].isalnum()
    return view.pos[i] == "PROPN" or coined


def _cued(view: View, g: Gazetteer, taken: Taken, i: int) -> None:
    """Find a name by what stands beside it: a title, a role, a kind of organisation, a preposition of place."""
    before = view.lower(i - 1)
    titled = _is_titled(view, g, i)
    if i in view.sentence_starts or (view.is_capital(i - 1) and not titled and before != "the"):
        return
    end = i + 1
    while end < view.n and end - i < 4 and view.is_proper(end) and end not in taken:
        end += 1
    if end in taken and view.is_proper(end):
        return
    if any(is_title(view, g, k) or g.is_a("event_head", view.lower(k)) for k in range(i, end)):
        return
    label = "PERSON" if titled else _label_beside(view, g, taken, i, end)
    if label:
        start = i - (label == "ORG" and view.text[i - 1] == "The" and i - 1 not in view.sentence_starts)
        put(taken, Found(start, end, label, "cue"))


def _is_titled(view: View, g: Gazetteer, i: int) -> bool:
    return view.is_capital(i - 1) and view.lower(i - 1).rstrip(".") in g.titles


def _label_beside(view: View, g: Gazetteer, taken: Taken, i: int, end: int) -> str:
    """Return what the words beside `i`..`end` make of it; empty where they say nothing."""
    before = view.lower(i - 1)
    if g.is_a("role", before) and end - i >= 2 and not before.endswith("s"):
        return "PERSON"
    if g.is_a("org_cue", before) or (before == "the" and end - i <= 2 and view.lower(end) in _PAPERS):
        return "ORG"
    if fold(view.surface(i, end)) in g.towns:
        beside = taken.get(i - 2) if before == "and" else None
        return "LOC" if g.is_a("locative", before) or (beside is not None and beside.label == "LOC") else ""
    return "ORG" if end == i + 1 and _is_camel(view.text[i]) else ""


def _is_camel(word: str) -> bool:
    inner = any(c.isupper() for c in word[1:]) and any(c.islower() for c in word)
    return (
        inner and word.isalpha() and not word.startswith(("Mc", "Mac", "De", "Di", "La", "Le", "Fitz", "O"))
    )


def _is_acronym(view: View, g: Gazetteer, taken: Taken, i: int, *, again: bool) -> bool:
    if view.pos[i] != "PROPN" and any(c in "AEIOU" for c in view.text[i]):
        return False  # a word in capitals for emphasis
    if _is_shouted(view, i - 1) or (_is_shouted(view, i + 1) and i + 1 not in taken):
        return False  # a line in capitals
    if view.is_capital(i + 1) and g.is_a("event_head", view.lower(i + 1)):
        return False
    return not (i + 1 < view.n and view.text[i + 1] in ("-", "/") and view.glued(i + 1))


def _is_shouted(view: View, i: int) -> bool:
    return 0 <= i < view.n and len(view.text[i]) > 1 and view.text[i].isupper()


def _cut_joined(view: View, taken: Taken) -> None:
    """Cut "Andean Community Wagner" where both parts are names of their own elsewhere."""
    spans = in_order(taken)
    seen: dict[tuple[str, ...], Found] = {}
    for found in spans:
        seen.setdefault(tuple(view.text[found.start : found.end]), found)
    for found in spans:
        words = tuple(view.text[found.start : found.end])
        if found.hit is not None or found.label != "ORG" or len(words) < 3:
            continue
        left, right = seen.get(words[:-1]), seen.get(words[-1:])
        if left is not None and right is not None and left.hit is None and right.hit is None:
            found.end -= 1
            put(taken, Found(found.end, found.end + 1, right.label, "repeat"))


def _repeats(view: View, g: Gazetteer, taken: Taken) -> None:
    """Find the other occurrences of every name, and of the surnames of persons."""
    wanted = _forms(view, g, taken)
    common = {word for word in view.text if word.islower()}
    for i, word in enumerate(view.text):
        if word not in wanted or i in taken:
            continue
        for form, label in sorted(wanted[word].items(), key=lambda item: -len(item[0])):
            end = i + len(form)
            if tuple(view.text[i:end]) != form or any(k in taken for k in range(i, end)):
                continue
            if len(form) > 1 or _stands_for_name(view, i, taken, common):
                put(taken, Found(i, end, label, "repeat"))
                break


def _forms(view: View, g: Gazetteer, taken: Taken) -> dict[str, dict[tuple[str, ...], str]]:
    """Return the names that may come again and the surnames of persons, by first word: words → label."""
    wanted: dict[str, dict[tuple[str, ...], str]] = {}
    for found in in_order(taken):
        if found.hit is not None:
            continue
        words = tuple(view.text[found.start : found.end])
        forms = [words]
        person = (
            found.label == "PERSON"
            or words[0].lower() in g.first_names
            or g.is_a("role", view.lower(found.start - 1))
        )
        if person and len(words) > 1 and view.text[found.end - 1].istitle():
            forms.append(words[-1:])
        for form in forms:
            if len(form) > 1 or (len(form[0]) > 2 and not is_title(view, g, found.end - 1)):
                wanted.setdefault(form[0], {}).setdefault(form, found.label)
    return wanted


def _stands_for_name(view: View, i: int, taken: Taken, common: Container[str]) -> bool:
    """Return whether one word is a name here: no common noun of the text, no part of a longer name."""
    if view.pos[i] != "PROPN" and view.lower(i) in common:
        return False
    return i + 1 in taken or not view.is_proper(i + 1)
