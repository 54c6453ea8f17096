"""Attachments that word order rules out: parsers make them now and then.

Only what no reader would dispute: a possessive pronoun belongs to the noun whose phrase it opens, what a preposition
opens is no subject, a clause with a subject of its own has no "that" for another, a number before its unit has neither
subject nor copula, and the participle in "of those surveyed" says which they are.
"""

from __future__ import annotations

_NOMINAL = frozenset(["NOUN", "PROPN"])
_SUBJECTS = frozenset(["nsubj", "nsubj:pass"])
_OF_PREDICATE = _SUBJECTS | {"cop"}
_BEFORE_NOUN = frozenset(["ADJ", "NUM", "ADV"])
"""Parts of speech between a possessive pronoun and its noun: "its two very old bridges"."""
_IN_PHRASE = frozenset(["ADJ", "NUM", "DET", "NOUN", "PROPN", "PRON"])


def put_right(tag: list[str], pos: list[str], dep: list[str], head: list[int]) -> None:
    """Correct relations and heads, and the tags that go with them, in place.

    Args:
        tag: Penn Treebank tags.
        pos: universal parts of speech.
        dep: relations, lower case.
        head: index of each token's head; a root is its own.
    """
    for i in [i for i, word in enumerate(tag) if word == "PRP$" and dep[i] != "nmod:poss"]:
        noun = _noun_behind(pos, dep, head, i)
        if noun is not None:
            _hang(dep, head, i, noun, "nmod:poss")
    for i in [i for i, relation in enumerate(dep) if relation in _OF_PREDICATE]:
        while dep[head[i]] == "nummod":  # "were 15 to 18 percent": of the percent, not of the 15
            head[i] = head[head[i]]
    for i in [i for i, relation in enumerate(dep) if relation == "advcl" and tag[i] == "VBN"]:
        if i > 0 and tag[i - 1] == "DT" and dep[i - 1] in ("obl", "nmod"):
            _hang(dep, head, i, i - 1, "acl")
    _second_subjects(tag, pos, dep, head)
    _before_bracket(tag, dep, head)
    _compound_participles(tag, pos, dep, head)


def _second_subjects(tag: list[str], pos: list[str], dep: list[str], head: list[int]) -> None:
    """Correct predicates with two subjects: the "that" of a clause with its own, a noun behind a preposition."""
    before: dict[int, int] = {}
    for i in [i for i, relation in enumerate(dep) if relation in _SUBJECTS]:
        other = before.setdefault(head[i], i)
        if other == i:
            continue
        if tag[other] == "WDT" and dep[head[i]] == "acl:relcl" and other + 1 == _left(pos, i, other + 1):
            # "forecasts that rents will double": the clause has its own subject, so "that" is none
            dep[other], tag[other], pos[other], dep[head[i]] = "mark", "IN", "SCONJ", "acl"
        elif {pos[i], pos[other]} <= _NOMINAL and _is_behind_case(pos, dep, other, i):
            _hang(dep, head, i, other, "nmod")


def _before_bracket(tag: list[str], dep: list[str], head: list[int]) -> None:
    """Give a number before a bracket the place of what stands in it: "88 (73 %) were positive", of which parsers make "88 %"."""
    for i in [i for i, relation in enumerate(dep) if relation == "nummod" and tag[i] == "CD"]:
        inner = head[i]
        if inner < i + 2 or inner + 1 >= len(tag) or tag[i + 1] != "-LRB-" or tag[inner + 1] != "-RRB-":
            continue
        outer = head[inner]
        head[i], dep[i] = (i if outer == inner else outer), dep[inner]
        head[inner], dep[inner] = i, "appos"


def _compound_participles(tag: list[str], pos: list[str], dep: list[str], head: list[int]) -> None:
    """Hang "laboratory confirmed" on the noun behind it in "12 laboratory confirmed cases", which parsers take for a clause.

    A noun in the singular between a number from two on and a participle is no subject: what is counted follows.
    """
    for i in [i for i, relation in enumerate(dep) if relation == "nsubj" and tag[i] == "NN"]:
        verb = head[i]
        if (
            verb != i + 1
            or tag[verb] not in ("VBN", "VBD")
            or i < 1
            or tag[i - 1] != "CD"
            or head[i - 1] != i
        ):
            continue
        noun = next((k for k in range(verb + 1, len(tag)) if tag[k] not in ("JJ", "NN", "NNP")), verb)
        if tag[noun] == "NNS" and head[noun] == verb and dep[noun] == "obj":
            _put_above(dep, head, noun, verb, i)
            tag[verb], pos[verb], dep[verb], head[verb] = "VBN", "VERB", "amod", noun
            dep[i], head[i] = "compound", verb
            dep[i - 1], head[i - 1] = "nummod", noun


def _put_above(dep: list[str], head: list[int], noun: int, verb: int, subject: int) -> None:
    """Give a noun the place of the verb that it was the object of, with all that hung on it but the subject."""
    root = head[verb] == verb
    dep[noun], head[noun] = ("obj" if dep[verb] == "ccomp" else dep[verb]), (noun if root else head[verb])
    for c in [c for c, above in enumerate(head) if above == verb and c not in (verb, subject)]:
        head[c] = noun


def _left(pos: list[str], i: int, floor: int) -> int:
    """Return the first token, from `floor` on, of the determiners, numbers, adjectives and nouns that run up to the noun `i`."""
    while i > floor and pos[i - 1] in _IN_PHRASE:
        i -= 1
    return i


def _noun_behind(pos: list[str], dep: list[str], head: list[int], possessive: int) -> int | None:
    """Return the noun whose phrase a possessive pronoun opens: "its roof", "their two oldest railway bridges"."""
    i = possessive + 1
    while i < len(pos) and (pos[i] in _BEFORE_NOUN or (dep[i] == "compound" and head[i] > i)):
        i += 1
    return i if i < len(pos) and pos[i] in _NOMINAL else None


def _is_behind_case(pos: list[str], dep: list[str], first: int, second: int) -> bool:
    """Return whether nothing but a preposition and modifiers stands between two nouns: "arrivals on tourist visas"."""
    return dep[first + 1] == "case" and all(
        pos[i] in _BEFORE_NOUN or pos[i] in ("DET", "CCONJ") or dep[i] in ("compound", "conj", "flat")
        for i in range(first + 2, second)
    )


def _hang(dep: list[str], head: list[int], i: int, noun: int, relation: str) -> None:
    """Hang `i` on `noun`, unless that depends on it."""
    above = noun
    while above != i and head[above] != above:
        above = head[above]
    if above != i:
        head[i], dep[i] = noun, relation
