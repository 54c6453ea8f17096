"""Attributions by rule: lexicon and frames over the parse, and quotation marks. Drafts in text order."""

from __future__ import annotations

from collections.abc import Iterator

from claimtable.nlp import syntax
from claimtable.nlp.attribution import lexicon, spans
from claimtable.nlp.attribution.drafts import Draft, Sense, merge, subtract, tokens_of
from claimtable.nlp.attribution.layout import Layout, Range
from claimtable.nlp.attribution.verbal import NOMINAL, find_verbal, verb_cue, verb_source

COLON_RULE = "rq.colon"
"""A clause with a subject and a colon in front of a quotation."""
MIN_COLON_WORDS = 4
"""Shorter quotations after a colon are names and examples."""
_WORDS_TO_QUOTE = 6
"""Tokens between a noun of saying and the quotation that says what."""


def find(layout: Layout) -> list[Draft]:
    """Return the attributions of a text by rule, in text order."""
    out = [*find_verbal(layout), *_prepositional(layout), *_nominal(layout)]
    out += _colons(layout, out)
    out += _hearsay(layout)
    out.sort(key=lambda d: d.key)
    return out


# ---------------------------------------------------------------- according to, in X's view


def _prepositional(layout: Layout) -> Iterator[Draft]:
    prepositions = lexicon.phrases("preposition")
    firsts = {phrase.split()[0]: phrase for phrase in sorted(prepositions)}
    views = lexicon.phrases("view")
    for i in range(layout.t.n):
        if layout.section[i] < 0:
            continue
        phrase = firsts.get(layout.t.lower[i])
        if phrase is not None:
            draft = _according(layout, i, len(phrase.split()), phrase, prepositions[phrase])
        else:
            entry = views.get(layout.t.lemma[i])
            draft = None if entry is None else _view(layout, i, entry)
        if draft is not None:
            yield draft


def _according(layout: Layout, i: int, size: int, phrase: str, entry: lexicon.Entry) -> Draft | None:
    """Return what "according to X", "per X" at `i`, of `size` words, attributes; None where it attributes nothing."""
    t = layout.t
    if " ".join(t.lower[i : i + size]) != phrase or (size == 1 and t.rel[i] != "case"):
        return None
    head = _object_of(layout, i, i + size)
    if head is None or (size == 1 and not _is_definite(layout, head)):
        return None
    start, end = spans.phrase(layout, head, i)
    start = max(start, i + size)
    if t.head[head] == head or any(t.dep[c] in syntax.SUBJECTS for c in t.children[head]):
        # Taken for the predicate: what follows the comma is not its.
        end = next((k for k in range(start, end) if t.text[k] == ","), end)
    content = _around(layout, i, end, head)
    if start >= end or not content:
        return None
    return Draft(((start, end),), ((i, i + size),), content, entry.id, entry.sense)


def _view(layout: Layout, i: int, entry: lexicon.Entry) -> Draft | None:
    """Return what "in X's view", with the noun at `i`, attributes; None where it attributes nothing."""
    t = layout.t
    case = syntax.case_word(t, i)
    if t.pos[i] != "NOUN" or t.rel[i] != "obl" or case not in ("in", "to", "by"):
        return None
    owner = syntax.child(t, i, "nmod:poss")
    if owner is None or (entry.sense == "say" and case == "to"):
        return None
    a = layout.left[i]
    if a != t.sents[t.sent[i]][0] and t.text[a - 1] != ",":
        return None
    content = _around(layout, a, layout.right[i], i)
    if not content:
        return None
    source = spans.phrase(layout, owner, i)
    return Draft((source,), ((a, a + 1), (i, i + 1)), content, entry.id, entry.sense)


def _object_of(layout: Layout, i: int, after: int) -> int | None:
    """Return the head of the noun phrase that the preposition `i`..`after` governs."""
    t = layout.t
    h = t.head[i]
    if h >= after and t.pos[h] in NOMINAL:
        return h
    for c in t.children[i]:
        if c >= after and t.pos[c] in NOMINAL and t.rel[c] in ("obl", "pobj", "obj", "nmod"):
            return c
    if after < t.n:
        k = after
        while t.head[k] > k and t.head[k] - after < 12:
            k = t.head[k]
        return k if t.pos[k] in NOMINAL else None
    return None


def _is_definite(layout: Layout, head: int) -> bool:
    """Tell "per the bylaws", "per Reuters" from "per day"."""
    t = layout.t
    return t.pos[head] == "PROPN" or any(
        t.lower[c] in ("the", "this") or t.dep[c] == "nmod:poss" for c in t.children[head]
    )


def _around(layout: Layout, start: int, end: int, head: int) -> tuple[Range, ...]:
    """Return the clause around the parenthesis `start`..`end`, grown to the quotations that it cuts."""
    t = layout.t
    a, b = t.sents[t.sent[start]]
    before = spans.between(layout, a, start)
    h = t.head[head]
    if not before:
        return spans.snap(layout, ((end, b),), start) if end < b else ()
    hole = (start, end)
    if h != head and not start <= h < end:
        clause = syntax.clause_head(t, h)
        x, y = layout.left[clause], layout.right[clause]
        if x <= start and t.rel[clause] not in ("acl",):
            return spans.snap(layout, subtract(((x, y),), hole), start)
    return spans.snap(layout, subtract(((a, b),), hole), start)


# ---------------------------------------------------------------- colons, nouns, adverbs


def _colons(layout: Layout, drafts: list[Draft]) -> Iterator[Draft]:
    """Yield "X put it this way: 'Y'", whatever the verb."""
    taken = {i for d in drafts for i in tokens_of(d.content)}
    for start, _ in layout.ranges:
        colon = None if start in taken else _colon_before(layout, start)
        found = None if colon is None else _clause_before(layout, colon)
        if found is None:
            continue
        head, own = found
        parts = [layout.ranges[q] for q in spans.speech(layout, layout.quote[start])]
        if sum(layout.words(*p) for p in parts) >= MIN_COLON_WORDS:
            source = spans.phrase(layout, own, head)
            yield Draft((source,), (verb_cue(layout, head),), merge(parts), COLON_RULE)


def _colon_before(layout: Layout, start: int) -> int | None:
    """Return the colon right before the token `start`, in the same section."""
    t = layout.t
    k = start - 1
    while k > 0 and t.pos[k] == "SPACE":
        k -= 1
    if k < 2 or t.text[k] != ":" or layout.section[k] < 0 or layout.section[k] != layout.section[start]:
        return None
    return k


def _clause_before(layout: Layout, colon: int) -> tuple[int, int] | None:
    """Return main verb and subject of the clause that ends with the colon."""
    t = layout.t
    a, _ = t.sents[t.sent[colon - 1]]
    head = next((i for i in range(a, colon) if t.rel[i] == "root" and t.pos[i] == "VERB"), None)
    if head is None:
        return None
    own = next((c for c in t.children[head] if t.dep[c] == "nsubj" and c < colon), None)
    return None if own is None or t.pos[own] not in ("PROPN", "PRON", "NOUN") else (head, own)


def _nominal(layout: Layout) -> Iterator[Draft]:
    t = layout.t
    nouns = lexicon.phrases("noun")
    for i in range(t.n):
        entry = nouns.get(t.lemma[i])
        if entry is None or t.pos[i] != "NOUN" or layout.section[i] < 0:
            continue
        source = _noun_source(layout, i)
        content = _noun_content(layout, i, entry.sense, source is not None)
        if content and source:
            yield Draft(
                (source,),
                ((i, i + 1),),
                subtract(subtract(content, source), (i, i + 1)),
                entry.id,
                entry.sense,
            )


def _noun_source(layout: Layout, i: int) -> Range | None:
    t = layout.t
    for c in t.children[i]:
        if t.dep[c] == "nmod:poss" and t.pos[c] in NOMINAL:
            return spans.phrase(layout, c, i)
    for c in t.children[i]:
        if (
            t.rel[c] in ("nmod", "obl")
            and c > i
            and syntax.case_word(t, c) in ("by", "from")
            and t.pos[c] in ("PROPN", "NOUN")
        ):
            end = min(
                (layout.left[d] for d in t.children[c] if t.rel[d] == "acl" and d > c),
                default=layout.right[c],
            )
            a, b = spans.phrase(layout, c, i)
            return layout.trim(a, min(b, end))
    # "made a claim that", "has a plan to": the subject of the verb that carries the noun.
    h = t.head[i]
    if t.rel[i] == "obj" and t.pos[h] == "VERB":
        return verb_source(layout, h)
    return None


def _noun_content(layout: Layout, i: int, sense: Sense, sourced: bool) -> tuple[Range, ...]:
    """Return what the noun `i` says: its own clause, that of its copula, or the quotation behind it."""
    return (
        _clause_of_noun(layout, i)
        or (_clause_of_copula(layout, i) if sourced else ())
        or (() if sense in ("belief", "intention") else _quotation_of_noun(layout, i))
    )


def _clause_of_noun(layout: Layout, i: int) -> tuple[Range, ...]:
    """Return the clause of "the warning that Y"; in "the warning from X that Y" parsers hang it on X."""
    t = layout.t
    below = [c for c in t.children[i] if c > i]
    below += [g for c in below if t.rel[c] == "nmod" for g in t.children[c] if t.rel[g] == "acl" and g > c]
    for c in below:
        if t.rel[c] == "ccomp" or (t.rel[c] == "acl" and _opens_with(layout, c, ("that", "to"))):
            return spans.snap(layout, ((layout.left[c], layout.right[c]),), i)
    return ()


def _clause_of_copula(layout: Layout, i: int) -> tuple[Range, ...]:
    """Return the clause of "X's comments were that Y"; parsers make it the head of the copula or a complement."""
    t = layout.t
    h = t.head[i]
    if t.rel[i] != "nsubj" or h <= i:
        return ()
    for c in t.children[h]:
        if t.rel[c] == "ccomp" and t.lower[layout.left[c]] == "that" and t.lemma[h] == "be":
            return spans.snap(layout, ((layout.left[c], layout.right[c]),), i)
    if any(t.rel[c] == "cop" for c in t.children[h]) and _opens_with(layout, h, ("that",)):
        mark = next(c for c in t.children[h] if t.rel[c] == "mark")
        return spans.snap(layout, ((mark, layout.right[h]),), i)
    return ()


def _quotation_of_noun(layout: Layout, i: int) -> tuple[Range, ...]:
    """Return the passage of "his answer: 'Y'"."""
    _, right = spans.quotes_beside(layout, i)
    if right is None:
        return ()
    start = layout.ranges[right][0]
    if start - i > _WORDS_TO_QUOTE or layout.t.text[start - 1] not in (":", ",") or layout.left[i] > i:
        return ()
    return tuple(layout.ranges[k] for k in spans.speech(layout, right))


def _opens_with(layout: Layout, c: int, words: tuple[str, ...]) -> bool:
    t = layout.t
    return any(t.rel[g] == "mark" and t.lower[g] in words for g in t.children[c])


def _hearsay(layout: Layout) -> Iterator[Draft]:
    t = layout.t
    words = lexicon.phrases("hearsay")
    for i in range(t.n):
        entry = words.get(t.lower[i])
        if entry is None or t.head[i] == i or layout.section[i] < 0:
            continue
        head = syntax.clause_head(t, t.head[i])
        content = subtract(((layout.left[head], layout.right[head]),), (i, i + 1))
        if content:
            yield Draft((), ((i, i + 1),), content, entry.id, entry.sense)
