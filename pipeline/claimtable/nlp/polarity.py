"""Whether a statement is denied, and by which words: in its own clause, by the verb above it, by what is said of the report.

"The plant does not employ 400 people", "denied that 900 had died", "it is false that …", "no evidence that …", "contrary to
reports that …". Two denials cancel out. Words are in `rules/data/polarity_words.tsv`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from claimtable import rules
from claimtable.nlp import syntax
from claimtable.nlp.tokens import Tokens

_LEVELS = 12
"""Most steps up the tree (set by hand: it bounds the search)."""
_ARGUMENTS = frozenset({"nsubj", "obj", "obl", "nmod", "ccomp", "xcomp"})
_VERBAL = frozenset({"VERB", "AUX"})


@dataclass(frozen=True, slots=True)
class Words:
    """The classes of `rules/data/polarity_words.tsv`."""

    deny: frozenset[str]
    false: frozenset[str]
    true: frozenset[str]
    evident: frozenset[str]
    ground: frozenset[str]
    report: frozenset[str]
    failing: frozenset[str]
    contrary: frozenset[str]
    given: frozenset[str]
    negation: frozenset[str]
    alone: frozenset[str]
    falsely: frozenset[str]
    scarce: frozenset[str]


@functools.cache
def words() -> Words:
    """Return the word classes, read once."""
    return rules.classes("polarity_words", Words)


def of_figure(t: Tokens, head: int, first: int, *, lasts: bool = False) -> tuple[list[int], list[int]]:
    """Return the tokens that deny a figure in its own clause, and those that deny the clause from above.

    Args:
        t: the columns of the document.
        head: head of the figure's noun phrase.
        first: first token of the figure; a negation behind it leaves it alone ("40 schools did not open").
        lasts: whether the figure is a duration, which an adverbial only adds ("has not met for three years").
    """
    inside: list[int] = []
    i, below, given = head, head, False
    for _ in range(_LEVELS):
        given = given or (_is_part(t, below, head) and _is_given(t, i))
        inside.extend(_at_noun(t, i, below, first))
        if not given and not (t.rel[below] == "obl" and (lasts or _is_given(t, below))):
            inside.extend(x for x in _own_negators(t, i, first) if x not in inside)
        if syntax.is_clause_head(t, i) or t.head[i] == i or _is_contrast(t, i):
            break
        below, i = i, t.head[i]
    return inside, from_above(t, syntax.clause_head(t, i))


def _is_part(t: Tokens, i: int, head: int) -> bool:
    """Return whether `i` is the head of a figure or inside the noun phrase above it: "the $53 million package"."""
    return i == head or t.rel[i] in ("compound", "nummod", "amod")


def _is_contrast(t: Tokens, i: int) -> bool:
    return t.rel[i] == "conj" and any(t.lower[c] == "but" for c in t.children[i])


def _own_negators(t: Tokens, i: int, first: int) -> list[int]:
    """Return what negates the token `i`, or makes it come to nothing, before the figure at `first`; not "not 400 but"."""
    out = [x for x in _negators(t, i, first) if "but" not in t.lower[x:first]]
    if t.rel[i] == "xcomp" and t.lemma[t.head[i]] in words().failing:
        out.append(t.head[i])
    return [] if _is_until(t, i, first) else out


def from_above(t: Tokens, clause: int) -> list[int]:
    """Return the tokens that deny the clause of the predicate `clause` from above it, the lowest first."""
    out: list[int] = []
    i = clause
    for _ in range(_LEVELS):
        above = t.head[i]
        if above == i or _is_interrogative(t, i):
            break
        if t.rel[i] == "conj":
            i = above
            continue
        if t.rel[i] == "acl" and is_content(t, i):
            out.extend(_at_noun(t, above, i, i))
            out.extend(_at_predicate(t, above, i))
        elif t.rel[i] in ("ccomp", "csubj", "xcomp") or _is_extraposed(t, i):
            out.extend(_at_predicate(t, above, i))
        elif t.rel[i] in ("nsubj", "obj", "obl", "nmod") and i != clause:
            out.extend(_at_noun(t, above, i, i))
        else:
            break
        i = above
    return list(dict.fromkeys(out))


def is_content(t: Tokens, clause: int) -> bool:
    """Return whether a clause says what its noun means: "evidence that yields fall"."""
    return syntax.is_content(t, clause) or any(
        t.lower[c] == "that" and t.rel[c] == "mark" for c in t.children[clause]
    )


def _at_noun(t: Tokens, i: int, below: int, first: int) -> Iterator[int]:
    """Yield what denies at the noun `i` above `below`: "no evidence", "false claims", "contrary to", "none of"."""
    w = words()
    if below == i:
        return
    lemma = t.lemma[i]
    if lemma in w.ground or (lemma in w.report and t.rel[below] != "nmod"):
        yield from (c for c in t.children[i] if t.lower[c] in w.scarce and t.rel[c] in ("det", "amod"))
    if lemma in w.ground | w.report:
        yield from (c for c in t.children[i] if t.lemma[c] in w.false and t.rel[c] == "amod")
        yield from _of_report(t, i, t.head[i])
    if t.pos[i] not in _VERBAL:
        yield from (c for c in (i, *t.children[i]) if t.lower[c] in w.contrary)
    if t.rel[below] == "nmod" and i < first and syntax.case_word(t, below) == "of":
        yield from _partitive(t, i)


def _partitive(t: Tokens, i: int) -> list[int]:
    """Return what denies the whole behind a quantifier: "none of the 40", "not all of the 40"; not "not the last of the 40"."""
    quantifies = t.pos[i] in ("DET", "PRON", "NUM")
    return [] if not quantifies else [i] if t.lower[i] in ("none", "neither") else _negative(t, i)


def _of_report(t: Tokens, noun: int, verb: int) -> Iterator[int]:
    """Yield what the predicate `verb` denies the report `noun` with, which is its subject or object."""
    w = words()
    rel = t.rel[noun]
    if rel not in _ARGUMENTS:
        return
    denies = t.lemma[verb] in w.deny and t.pos[verb] == "VERB" and rel in ("obj", "nsubj")
    if denies or (rel == "nsubj" and t.lemma[verb] in w.false):
        yield verb
        yield from _negators(t, verb, t.n)
    elif (rel == "nsubj" and t.lemma[verb] in w.true) or (rel == "obj" and t.lemma[noun] in w.ground):
        yield from _negators(t, verb, t.n)
    else:
        held = (c for c in t.children[verb] if t.rel[c] in ("xcomp", "obl", "obj"))
        yield from (c for c in held if t.lemma[c] in w.false)


def _at_predicate(t: Tokens, i: int, below: int) -> Iterator[int]:
    """Yield what denies the clause `below` at the predicate `i` that governs it."""
    w = words()
    lemma, verb = t.lemma[i], t.pos[i] == "VERB"
    if (verb and lemma in w.deny) or lemma in w.false or (lemma in w.failing and t.rel[below] == "xcomp"):
        yield i
        yield from _negators(t, i, below)
    elif lemma in w.true | w.evident:
        yield from _negators(t, i, below)
    if verb:
        yield from (c for c in t.children[i] if t.lower[c] in w.falsely and t.rel[c] == "advmod")


def _negators(t: Tokens, i: int, before: int) -> list[int]:
    """Return the words before the token `before` that negate the token `i`: particle, adverb, "no" of its own or of its subject."""
    out: list[int] = []
    for c in t.children[i]:
        if t.rel[c] == "nummod" and c == before:  # "not 400"
            out.extend(_negative(t, c))
        if c >= before:
            break
        if t.rel[c] == "nsubj":
            out.extend(_negative(t, c))
        elif _is_negation(t, c):
            out.append(c)
    return out


def _is_negation(t: Tokens, i: int) -> bool:
    """Return whether a word negates what it hangs on: "not", "never", "no longer"; not the one of "not only"."""
    if t.lower[i] == "longer":
        return t.lower[i - 1] == "no"
    return (
        t.lower[i] in words().negation
        and t.rel[i] in ("advmod", "det", "aux", "discourse", "cc")
        and t.lower[min(i + 1, t.n - 1)] not in words().alone
    )


def _negative(t: Tokens, i: int) -> list[int]:
    """Return what makes the noun phrase of `i` negative: "nobody", "no study", "not one"."""
    if t.lower[i] in ("nobody", "none", "nothing", "neither"):
        return [i]
    return [
        c
        for c in t.children[i]
        if c < i and t.lower[c] in ("no", "neither", "not") and t.rel[c] in ("det", "advmod")
    ]


def _is_given(t: Tokens, i: int) -> bool:
    """Return whether a phrase is taken for granted: "the $40 million", "from 5 percent"."""
    return any(t.lower[c] in words().given and t.rel[c] in ("det", "case", "nmod") for c in t.children[i])


def _is_until(t: Tokens, i: int, first: int) -> bool:
    """Return whether what is negated came about in the end: "did not reach 5 percent until 2010"."""
    return any(
        c > first and any(t.lower[g] == "until" for g in t.children[c])
        for c in t.children[i]
        if t.rel[c] in ("obl", "advcl")
    )


def _is_interrogative(t: Tokens, clause: int) -> bool:
    """Return whether a clause asks what it takes for granted: "why 900 patients died"."""
    return any(t.tag[c] in ("WRB", "WP") and t.rel[c] != "mark" for c in t.children[clause])


def _is_extraposed(t: Tokens, clause: int) -> bool:
    """Return whether a clause is what an adjective or noun says something of, whatever the parser calls it: "it is wrong to say"."""
    above = t.head[clause]
    return (
        t.rel[clause] in ("advcl", "acl", "parataxis")
        and t.lemma[above] in words().false | words().true
        and any(t.lower[c] in ("that", "to") and t.rel[c] == "mark" for c in t.children[clause])
    )
