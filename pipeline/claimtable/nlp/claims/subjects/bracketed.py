"""What figures in brackets are of: the phrase that the bracket stands behind, not the subject of the clause.

"This rise was due to a rebound in prices of services (+0.2% after -1.9%), and to those of energy (+3%)."
"""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.subjects import nouns
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.reference import finish, last_noun
from claimtable.nlp.claims.subjects.scene import Scene

_INSIDE = frozenset(["after", "and", "both", "each", ",", "+", "-", "−", "‑", "–", "from", "to"])
"""Tokens that stand between the opening of a bracket and a figure in it, beside other figures."""
_MOST_INSIDE = 8
"""Tokens from the opening of a bracket to a figure in it, at most (set by hand: it bounds the search)."""
_NOUNS = frozenset(["NOUN", "PROPN", "PRON"])
_LINKS = frozenset(["nmod", "compound", "flat", "nmod:poss", "nmod:of"])
_MANNER = frozenset(["at", "on", "over", "than", "as", "since", "after", "during"])
"""Prepositions of phrases that say when or how, not what."""
_IN_LIST = frozenset([",", ";", "and", "of", "(", ")"])
"""Tokens of a list of names with figures in brackets, beside these."""
_POINTING = frozenset(["those", "that"])


def bracketed(s: Scene) -> Subject | None:
    """Return the noun phrase behind which the figure stands in brackets; None for other figures."""
    ctx, t = s.ctx, s.ctx.t
    bracket = _opening(ctx, s.place.first)
    last = _noun_before(ctx, bracket, s.sentence.start) if bracket is not None else None
    if last is None:
        return None
    if s.kind == "bare":
        return _in_place(s, last, last)  # "The deaths were reported in Hubei (11), Hunan (7)"
    chain = _chain(ctx, last, s.sentence.start)
    if t.lower[chain[-1]] not in _POINTING and syntax.case_word(t, chain[-1]) in _MANNER:
        return None
    while chain and t.lemma[chain[-1]] in ctx.nouns.change:
        chain.pop()  # "the sharper fall in prices of fish": the prices
    if not chain:
        return None
    head = chain[-1]
    if t.lower[head] in _POINTING:
        return _pointing(s, head, last)
    told = _in_place(s, head, last) if t.pos[head] == "PROPN" else None
    return told or _before_bracket(s, head, last)


def _before_bracket(s: Scene, head: int, last: int) -> Subject:
    """Return the phrase of a noun up to a bracket, others aside: "Housing (+6%), Food (+3%)"."""
    ctx, t = s.ctx, s.ctx.t
    whole = syntax.noun_phrase(t, head)
    first = next((i + 1 for i in range(last, s.sentence.start, -1) if i in ctx.measured), s.sentence.start)
    inside = [i for i in whole if first <= i <= last]
    if len(inside) == len(whole) or last not in inside:
        return s.phrase(head, measured=False)
    while inside and (t.pos[inside[0]] in ("PUNCT", "CCONJ")):
        inside.pop(0)
    return Subject(syntax.text_of(t, ctx.text, inside) or None, head, s.verb)


def _chain(ctx: Context, last: int, start: int) -> list[int]:
    """Return the nouns from the last before a bracket up to the head of its phrase, coordinated ones without figures between."""
    t = ctx.t
    chain = [last]
    while start <= (above := t.head[chain[-1]]) < chain[-1]:
        coordinated = t.rel[chain[-1]] == "conj" and not any(
            k in ctx.measured for k in range(above, chain[-1])
        )
        if (
            not (coordinated or t.rel[chain[-1]] in _LINKS)
            or t.pos[above] not in _NOUNS
            or above in ctx.measured
        ):
            break
        if coordinated:
            chain.pop()
        chain.append(above)
    return chain


def _opening(ctx: Context, first: int) -> int | None:
    """Return the opening bracket that a figure stands behind, others of the same bracket between; None where none is."""
    t = ctx.t
    for i in range(first - 1, max(-1, first - _MOST_INSIDE), -1):
        if t.text[i] == "(":
            return i
        if i not in ctx.measured and t.lower[i] not in _INSIDE:
            return None
    return None


def _noun_before(ctx: Context, bracket: int, start: int) -> int | None:
    """Return the noun that ends right before a bracket, times aside: "gasoline prices in May (+33%)"."""
    t = ctx.t
    i = bracket - 1
    while i > start and (ctx.is_time(i) or (t.pos[i] == "ADP" and ctx.is_time(i + 1)) or t.pos[i] == "SPACE"):
        i -= 1
    named = i >= start and t.pos[i] in _NOUNS and i not in ctx.measured
    return i if named and t.lemma[i] not in nouns.CALENDAR else None


def _pointing(s: Scene, head: int, last: int) -> Subject | None:
    """Return "those of energy" with the noun that it points back to: the last plural before it that has an "of" of its own."""
    ctx, t = s.ctx, s.ctx.t
    alike = [
        i
        for i in range(head - 1, s.sentence.start - 1, -1)
        if t.pos[i] == "NOUN"
        and syntax.is_plural(t, i) == (t.lower[head] == "those")
        and i not in ctx.measured
        and not ctx.is_time(i)
    ]
    owned = (i for i in alike if _is_owned(ctx, i))
    noun = next(owned, None) or next((i for i in alike if t.dep[i] in syntax.SUBJECTS), None)
    rest = [i for i in t.subtree(head) if head < i <= last and i not in s.drop]
    said = syntax.text_of(t, ctx.text, rest).rstrip(" ,;")
    name = t.text[noun] if noun is not None else last_noun(s.memory)
    return Subject(f"{name} {said}", head, s.verb) if name and said else None


def _is_owned(ctx: Context, noun: int) -> bool:
    """Return whether a noun says what it is of: "prices of services"."""
    t = ctx.t
    return any(t.rel[c] == "nmod" and syntax.case_word(t, c) in ("of", "for") for c in t.children[noun])


def _in_place(s: Scene, head: int, last: int) -> Subject | None:
    """Return what a clause records somewhere, with that place: "The largest falls were recorded in Malta (-5%), Cyprus (-3%)"."""
    ctx, t = s.ctx, s.ctx.t
    drop = s.drop
    found = _recorded_at(s, syntax.first_conjunct(t, head, s.sentence.start))
    if found is None and s.kind == "bare":
        # parsers tend to lose lists of places with figures in brackets
        start = _list_start(ctx, last, s.sentence.start)
        drop = drop | frozenset(range(start, s.sentence.end))
        found = _recorded_at(s, start) or _listed(s, start)
    if found is None:
        return None
    who, case = found
    thing = finish(ctx, who, drop, s.verb, s.memory)
    name = syntax.text_of(t, ctx.text, _place_before(ctx, head, last))
    counted = t.lemma[who] if s.kind == "bare" and t.tag[who] == "NNS" else None
    if not thing.text or not name or (s.kind == "bare" and counted is None):
        return None
    return Subject(f"{thing.text} {case} {name}", head, s.verb, unit=counted)


def _recorded_at(s: Scene, first: int) -> tuple[int, str] | None:
    """Return the subject of a clause that records it at the place `first`, with the preposition of that."""
    ctx, t = s.ctx, s.ctx.t
    verb, case = t.head[first], syntax.case_word(t, first)
    if t.rel[first] != "obl" or verb > first or not (case == "from" or case in ctx.nouns.place_case):
        return None
    who = syntax.child(t, verb, "nsubj:pass")
    if who is None and s.kind == "bare" and syntax.child(t, verb, "obj") is None:
        who = syntax.child(t, verb, "nsubj")  # "the deaths occurred in China (3)"
    return None if who is None or who in ctx.measured else (who, case or "")


def _listed(s: Scene, start: int) -> tuple[int, str] | None:
    """Return what those have whom a list at `start` names: "these countries reported cases: Austria (1), Brazil (8)"."""
    ctx, t = s.ctx, s.ctx.t
    if start - 1 <= s.sentence.start or t.text[start - 1] not in (":", "-", "–", "—"):
        return None
    verbs = (i for i in range(start - 1, s.sentence.start, -1) if t.pos[i] == "VERB")
    objects = (syntax.child(t, i, "obj") for i in verbs)
    what = next((i for i in objects if i is not None and t.tag[i] == "NNS" and i not in ctx.measured), None)
    return None if what is None else (what, "in")


def _list_start(ctx: Context, last: int, start: int) -> int:
    """Return the first token of the list of names with figures in brackets whose item ends at `last`."""
    t = ctx.t
    first = i = last
    while i >= start:
        if t.pos[i] == "PROPN":
            first = i
        elif t.text[i] not in _IN_LIST and i not in ctx.measured:
            break
        i -= 1
    return first


def _place_before(ctx: Context, head: int, last: int) -> list[int]:
    """Return the tokens of the name that ends at `last`, of the phrase of `head` where that is no name."""
    t = ctx.t
    if t.pos[last] != "PROPN":
        return [i for i in syntax.noun_phrase(t, head) if i <= last]
    first = last
    while first > 0 and (t.pos[first - 1] == "PROPN" or t.lower[first - 1] == "of"):
        first -= 1
    return list(range(first, last + 1))
