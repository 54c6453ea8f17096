"""Which names `doc.ents` holds: the recogniser's, each name with one label where the evidence agrees.

Actors are made of more: the names that `additions` finds tell who acts ("the Government", "EPC"). In corpora annotated for
entities three of four such additions are no entity, and types that weigh what a name does in its sentence are worse
than the recogniser's own majority, so neither goes in here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from claimtable.nlp.actors.gazetteer import Gazetteer
from claimtable.nlp.actors.governors import governed, is_called
from claimtable.nlp.actors.kinds import key_of, place_type
from claimtable.nlp.actors.spans import Found, recognised, trim
from claimtable.nlp.actors.view import View


def find_entities(view: View, g: Gazetteer, known: Iterable[Found]) -> list[Found]:
    """Return the entities in text order, `label` being one of PERSON, ORG, GPE, LOC, NORP.

    `known` are all names of the document in text order, with what the gazetteer says of them (`Found.hit`).
    """
    hits = {(f.start, f.end): f for f in known if f.hit is not None}
    taken = {i for ent in view.doc.ents for i in range(ent.start, ent.end)}
    found = [_trimmed(view, g, f, taken) for f in recognised(view) if not _is_common(view, f)]
    found += [f for f in hits.values() if _stands_alone(view, f) and taken.isdisjoint(range(f.start, f.end))]
    taken.update(i for f in found for i in range(f.start, f.end))
    found += _struck(view, g, taken)
    majority = _majority(view, found)
    places: dict[str, str] = {}
    out = []
    for f in sorted(found, key=lambda f: f.start):
        hit = hits.get((f.start, f.end))
        label = gazetteer_label(hit) if hit is not None else _label(view, g, f, majority)
        if label == "LOC" and hit is None:
            label = places.setdefault(key_of(view, f), place_type(view, g, f))
        out.append(replace(f, label=label))
    return out


def _label(view: View, g: Gazetteer, found: Found, majority: Mapping[str, str]) -> str:
    """Return the label of a name that the gazetteer does not know: by its governor, else by the recogniser's majority."""
    key = key_of(view, found)
    label = majority.get(key, found.label)
    if found.end - found.start > 1:
        return label
    label = governed(view, g, found.start) or label
    return "PERSON" if label == "ORG" and key not in g.towns and is_called(view, found.start) else label


def _struck(view: View, g: Gazetteer, taken: Collection[int]) -> list[Found]:
    """Return proper nouns that the recogniser missed and their governor makes a place: "the quake struck Coachella"."""
    free = (i for i in range(view.n) if i not in taken and view.is_proper(i) and not view.is_proper(i + 1))
    return [Found(i, i + 1, "LOC", "cue") for i in free if governed(view, g, i) == "LOC"]


def _trimmed(view: View, g: Gazetteer, found: Found, taken: Collection[int]) -> Found:
    """Cut a span to the name, where a name is left; an article before it is added unless it is in `taken`."""
    name = trim(view, g, replace(found)) or found
    return replace(name, start=found.start) if name.start < found.start and name.start in taken else name


def _stands_alone(view: View, found: Found) -> bool:
    """Return whether a name is no part of a longer one ("Environment Canada") or of a compound ("Washington-based")."""
    a, b = found.start - 1, found.end
    hyphens = (a >= 0 and view.text[a] == "-") or (b < view.n and view.text[b] == "-")
    return not (hyphens or view.is_capital(a) or view.is_capital(b))


def gazetteer_label(found: Found) -> str:
    """Return the label of a name that the gazetteer knows."""
    assert found.hit is not None
    if found.hit.form in ("adjective", "people"):
        return "NORP"
    if found.hit.form == "seat":
        return "ORG"
    return "GPE" if found.hit.form == "capital" else found.hit.place.type


def _is_common(view: View, found: Found) -> bool:
    """Return whether a group is written like a common noun ("chinese food"): annotators leave it out."""
    return found.label == "NORP" and view.text[found.start].islower()


def _majority(view: View, found: Iterable[Found]) -> dict[str, str]:
    """Return, by `key_of`, the label that the recogniser gave a name most often; names whose votes tie are left out.

    A surname alone follows the full names of persons that end in it.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for f in found:
        votes[key_of(view, f)][f.label] += 1
    out = {}
    surnames = set()
    for key, tally in votes.items():
        (label, most), *others = tally.most_common(2)
        if not others or most > others[0][1]:
            out[key] = label
            if label == "PERSON" and " " in key:
                surnames.add(key.split()[-1])
    return out | {key: "PERSON" for key in votes if key in surnames}
