"""Attributions by rule: lexicon and frames over the parse, and quotation marks. Drafts in text order."""

from __future__ import annotations

from collections.abc import Iterator

from claimtable.nlp import syntax
from claimtable.nlp.attribution import lexicon, spans
from claimtable.nlp.attribution.drafts import Draft, Sense, merge, subtract
from claimtable.nlp.attribution.layout import Layout, Range

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "ADJ", "DET"})
_PLACEHOLDERS = frozenset({"there", "it"})
_CUE_PARTS = frozenset({"aux", "advmod"})
_SENTENCE_END = ".!?:;"
_DETACHED = 4
"""Word tokens of the reporting clause that may lie outside the subtree of its verb, for a quotation to be beside it."""


def find(layout: Layout) -> list[Draft]:
    """Returns the attributions of a text by rule, in text order."""
    out = [*_verbal(layout), *_prepositional(layout), *_nominal(layout), *_hearsay(layout)]
    out.sort(key=lambda d: d.key)
    return out


# ---------------------------------------------------------------- verbs


def _verbal(layout: Layout) -> Iterator[Draft]:
    t = layout.t
    verbs = lexicon.verbs()
    for i in range(t.n):
        entry = verbs.get(t.lemma[i])
        if entry is None or t.pos[i] != "VERB" or layout.section[i] < 0:
            continue
        passive = any(t.dep[c] in ("nsubj:pass", "aux:pass", "csubj:pass") for c in t.children[i])
        if passive and entry.sense in ("say", "finding") and _governs_cue(layout, i):
            continue
        content = _complement(layout, i, entry, passive)
        if not content and "quote" in entry.frames:
            content = _quotation(layout, i)
        if not content:
            continue
        source = verb_source(layout, i, content)
        if source is None and not passive and not _is_subjectless(layout, i):
            continue
        cue = verb_cue(layout, i)
        content = subtract(content, cue)
        if source is not None:
            content = subtract(content, source)
        if content:
            yield Draft((source,) if source else (), (cue,), content, entry.id, entry.sense)


def _governs_cue(layout: Layout, i: int) -> bool:
    """Tells "is reported to have told", where the cue is that of what was told."""
    t = layout.t
    return any(
        t.rel[c] == "xcomp" and t.lemma[c] in lexicon.verbs() and _has_to(layout, c) for c in t.children[i]
    )


def _is_subjectless(layout: Layout, i: int) -> bool:
    """Tells participles and infinitives, which may attribute to somebody who is named elsewhere or nowhere."""
    return layout.t.tag[i] in ("VBG", "VBN") and layout.t.rel[i] in ("advcl", "acl", "root")


def _complement(layout: Layout, i: int, entry: lexicon.Entry, passive: bool) -> tuple[Range, ...]:
    t = layout.t
    whole = (layout.left[i], layout.right[i])
    for c in t.children[i]:
        rel = t.rel[c]
        if rel == "ccomp" and ("clause" in entry.frames or "quote" in entry.frames):
            return _clause(layout, i, c)
        if rel == "csubj" and passive and "clause" in entry.frames:
            return _clause(layout, i, c)
    for c in t.children[i]:
        rel = t.rel[c]
        if rel == "xcomp" and c > i:
            if passive and {"clause", "inf", "np"} & entry.frames:
                subject = syntax.child(t, i, "nsubj:pass")
                parts = [(layout.left[c], layout.right[c])]
                if subject is not None and t.lower[subject] not in _PLACEHOLDERS:
                    parts.append((layout.left[subject], layout.right[subject]))
                return merge(parts)
            if "inf" in entry.frames and _has_to(layout, c):
                return spans.snap(layout, ((layout.left[c], layout.right[c]),), i)
            if "clause" in entry.frames and not _has_to(layout, c) and syntax.child(t, i, "obj") is None:
                return spans.snap(layout, ((layout.left[c], layout.right[c]),), i)
    # "Y, said X" and "Y, X said, Z": the reporting clause hangs on what is said.
    if t.rel[i] == "parataxis" and {"clause", "quote"} & entry.frames and t.head[i] != i:
        h = t.head[i]
        host = (layout.left[h], layout.right[h])
        if any(t.dep[c] in syntax.SUBJECTS for c in t.children[i]) and h < i and _set_off(layout, whole):
            return spans.snap(layout, subtract((host,), whole), i)
    if "np" in entry.frames:
        for c in t.children[i]:
            if t.rel[c] == "obj" and c > i:
                end = max(
                    (
                        layout.right[d]
                        for d in t.children[i]
                        if d > c and t.rel[d] in ("xcomp", "advcl", "obl") and _is_part(layout, d)
                    ),
                    default=layout.right[c],
                )
                return spans.snap(layout, ((layout.left[c], max(end, layout.right[c])),), i)
        if passive and _agent(layout, i) is not None:
            subject = syntax.child(t, i, "nsubj:pass")
            if subject is not None and t.lower[subject] not in _PLACEHOLDERS:
                return ((layout.left[subject], layout.right[subject]),)
    if "addressee" in entry.frames:
        return _after_addressee(layout, i)
    return ()


def _after_addressee(layout: Layout, i: int) -> tuple[Range, ...]:
    """Returns the that-clause of "told X that Y" where the parser hung it on X."""
    t = layout.t
    for c in t.children[i]:
        if c > i and t.rel[c] in ("obj", "iobj", "obl"):
            for g in _last_branch(layout, c):
                if (
                    t.rel[g] == "acl"
                    and t.lower[layout.left[g]] == "that"
                    and any(t.dep[k] in syntax.SUBJECTS and t.lower[k] != "that" for k in t.children[g])
                ):
                    return spans.snap(layout, ((layout.left[g], max(layout.right[g], layout.right[c])),), i)
    return ()


def _last_branch(layout: Layout, c: int) -> Iterator[int]:
    """Yields the dependents that close the subtree of `c`, from the top down."""
    t = layout.t
    while t.children[c] and t.children[c][-1] > c:
        c = t.children[c][-1]
        yield c


def _agent(layout: Layout, i: int) -> int | None:
    t = layout.t
    return next(
        (
            c
            for c in t.children[i]
            if t.rel[c] == "obl" and syntax.case_word(t, c) == "by" and t.pos[c] in _NOMINAL
        ),
        None,
    )


def _is_part(layout: Layout, d: int) -> bool:
    """Tells what belongs to a reported object ("criticized him for Y", "described it as Y") from circumstances."""
    case = syntax.case_word(layout.t, d)
    return layout.t.rel[d] == "xcomp" or (
        layout.t.rel[d] != "advcl" and case in ("as", "for", "of", "about", "by", "from", "to", "over")
    )


def _has_to(layout: Layout, c: int) -> bool:
    return any(layout.t.lower[g] == "to" and layout.t.rel[g] == "mark" for g in layout.t.children[c])


def _set_off(layout: Layout, clause: Range) -> bool:
    """Tells whether a clause is set off by punctuation at its start."""
    t, (a, b) = layout.t, clause
    return (t.pos[a] == "PUNCT" or (a > 0 and t.pos[a - 1] == "PUNCT")) and b > a


def _clause(layout: Layout, i: int, c: int) -> tuple[Range, ...]:
    """Returns the complement `c` of the cue `i` without the reporting clause where that stands inside it."""
    t = layout.t
    a, b = layout.left[c], layout.right[c]
    parts: tuple[Range, ...] = ((a, b),)
    if c > i:
        return spans.snap(layout, parts, i)
    # Before its verb: what the verb has left and right of subject and adverbials goes on with it.
    right = [d for d in t.children[i] if d > i and t.rel[d] in ("ccomp", "parataxis", "conj") and d != c]
    for d in right:
        if t.rel[d] != "conj":
            parts = (*parts, (layout.left[d], layout.right[d]))
    content = spans.snap(layout, parts, i)
    return merge([*content, *_goes_on(layout, i, content)])


def _goes_on(layout: Layout, i: int, content: tuple[Range, ...]) -> list[Range]:
    """Returns the quoted passage right after the reporting clause of a quotation ('"Y," said X. "Z."')."""
    if not content or layout.quote[content[-1][1] - 1] < 0 or content[-1][0] > i:
        return []
    _, right = spans.quotes_beside(layout, i)
    if right is None:
        return []
    start = layout.ranges[right][0]
    end = clause_end(layout, i)
    if start < end or any(layout.word[k] for k in range(end, start)):
        return []
    return [layout.ranges[k] for k in spans.speech(layout, right)]


def clause_end(layout: Layout, i: int) -> int:
    """Returns the end of the reporting clause: the end of the verb's subject and of what else follows outside quotes."""
    t = layout.t
    _, b = layout.paragraphs[layout.paragraph[i]]
    k = i + 1
    while k < b and layout.quote[k] < 0 and not (t.text[k] in ".!?" and layout.word[k - 1]):
        k += 1
    return k


def _quotation(layout: Layout, i: int) -> tuple[Range, ...]:
    """Returns the quoted passages beside the reporting clause of the verb `i`."""
    t = layout.t
    if layout.quote[i] >= 0:
        return ()
    left, right = spans.quotes_beside(layout, i)
    own = set(range(layout.left[i], layout.right[i]))
    parts: list[Range] = []
    if right is not None:
        start = layout.ranges[right][0]
        gap = [k for k in range(i + 1, start) if layout.word[k]]
        ends = any(t.text[k] in ".!?" for k in range(i + 1, start))
        if not ends and all(_reports(layout, k, i) or k in own for k in gap) and len(gap) <= 15:
            parts += [layout.ranges[k] for k in spans.speech(layout, right)]
    if left is not None:
        end = layout.ranges[left][1]
        gap = [k for k in range(end, i) if layout.word[k]]
        ends = any(t.text[k] in ".!?" for k in range(end, i))
        stray = sum(1 for k in gap if k not in own)
        closing = layout.text[t.start[end - 1] - 1 : t.end[end - 1]]
        if (
            not ends
            and stray <= _DETACHED
            and len(gap) <= 12
            and any(c in closing for c in ",.?!")
            and layout.quotes[left].closed
        ):
            first = left
            while first > 0 and left - first < 5 and first in spans.speech(layout, first - 1)[1:2]:
                first -= 1
            parts += [layout.ranges[k] for k in range(first, left + 1)]
            parts += _goes_on(layout, i, tuple(parts))
    return merge(parts)


def _reports(layout: Layout, k: int, i: int) -> bool:
    """Tells whether the token `k` after the cue belongs to its addressee, place, time or manner."""
    t = layout.t
    steps = 0
    while t.head[k] != k and steps < 8:
        if t.head[k] == i:
            return t.rel[k] in ("obj", "iobj", "obl", "advmod", "nsubj", "compound", "xcomp", "advcl")
        k = t.head[k]
        steps += 1
    return False


def verb_source(layout: Layout, i: int, content: tuple[Range, ...] = ()) -> Range | None:
    """Returns the noun phrase that does what the verb `i` says, taken from the clause above where it has none."""
    t = layout.t
    inside = [(a, b) for a, b in content]
    own = next((c for c in t.children[i] if t.dep[c] in ("nsubj", "nsubj:outer")), None)
    passive = any(t.dep[c] in ("nsubj:pass", "aux:pass") for c in t.children[i])
    if passive or (own is None and t.tag[i] == "VBN" and t.rel[i] == "acl"):
        head = _agent(layout, i)
    elif own is not None:
        head = own if t.lower[own] not in _PLACEHOLDERS or t.lower[own] == "it" else None
    else:
        head = syntax.subject(t, i)
        if head is not None and head == i:
            head = None
        if head is not None and (t.rel[i] in ("root",) or _is_passive_subject(layout, head)):
            head = None if t.rel[i] == "root" else head
    if head is None or t.pos[head] not in _NOMINAL:
        return None
    if any(a <= head < b for a, b in inside):
        return None
    return spans.phrase(layout, head, i)


def _is_passive_subject(layout: Layout, head: int) -> bool:
    return layout.t.dep[head] == "nsubj:pass"


def verb_cue(layout: Layout, i: int) -> Range:
    """Returns the cue around the verb `i`: auxiliaries, negation and adverbs before it, its particle, "went on to"."""
    t = layout.t
    a = i
    parts = {c for c in t.children[i] if t.rel[c] in _CUE_PARTS and c < i}
    while a > 0 and (a - 1) in parts:
        a -= 1
    h = t.head[i]
    if t.rel[i] == "xcomp" and i - 4 <= h < i and layout.quote[h] == layout.quote[i]:
        middle = range(h + 1, a)
        if all(t.head[k] in (i, h) and t.rel[k] in ("mark", "compound", "advmod") for k in middle):
            return verb_cue(layout, h)[0], _particle(layout, i)
    return a, _particle(layout, i)


def _particle(layout: Layout, i: int) -> int:
    t = layout.t
    if i + 1 < t.n and t.head[i + 1] == i and t.dep[i + 1] == "compound:prt":
        return i + 2
    return i + 1


# ---------------------------------------------------------------- according to, in X's view


def _prepositional(layout: Layout) -> Iterator[Draft]:
    t = layout.t
    prepositions = lexicon.phrases("preposition")
    firsts = {phrase.split()[0]: phrase for phrase in sorted(prepositions)}
    views = lexicon.phrases("view")
    for i in range(t.n):
        if layout.section[i] < 0:
            continue
        phrase = firsts.get(t.lower[i])
        if phrase is not None:
            size = len(phrase.split())
            if " ".join(t.lower[i : i + size]) != phrase or (size == 1 and t.rel[i] != "case"):
                continue
            entry = prepositions[phrase]
            head = _object_of(layout, i, i + size)
            if head is None or (size == 1 and not _is_definite(layout, head)):
                continue
            source = spans.phrase(layout, head, i)
            source = (max(source[0], i + size), source[1])
            content = _around(layout, i, source[1], head)
            if source[0] < source[1] and content:
                yield Draft((source,), ((i, i + size),), content, entry.id, entry.sense)
        elif t.lemma[i] in views and t.pos[i] == "NOUN" and syntax.case_word(t, i) in ("in", "to", "by"):
            owner = syntax.child(t, i, "nmod:poss")
            if owner is None or (views[t.lemma[i]].sense == "say" and syntax.case_word(t, i) == "to"):
                continue
            a = layout.left[i]
            content = _around(layout, a, layout.right[i], i)
            if content and t.rel[i] == "obl" and (a == t.sents[t.sent[i]][0] or t.text[a - 1] == ","):
                entry = views[t.lemma[i]]
                yield Draft(
                    (spans.phrase(layout, owner, i),),
                    ((a, a + 1), (i, i + 1)),
                    content,
                    entry.id,
                    entry.sense,
                )


def _object_of(layout: Layout, i: int, after: int) -> int | None:
    """Returns the head of the noun phrase that the preposition `i`..`after` governs."""
    t = layout.t
    h = t.head[i]
    if h >= after and t.pos[h] in _NOMINAL:
        return h
    for c in t.children[i]:
        if c >= after and t.pos[c] in _NOMINAL and t.rel[c] in ("obl", "pobj", "obj", "nmod"):
            return c
    if after < t.n:
        k = after
        while t.head[k] > k and t.head[k] - after < 12:
            k = t.head[k]
        return k if t.pos[k] in _NOMINAL else None
    return None


def _is_definite(layout: Layout, head: int) -> bool:
    """Tells "per the bylaws", "per Reuters" from "per day"."""
    t = layout.t
    return t.pos[head] == "PROPN" or any(
        t.lower[c] in ("the", "this") or t.dep[c] == "nmod:poss" for c in t.children[head]
    )


def _around(layout: Layout, start: int, end: int, head: int) -> tuple[Range, ...]:
    """Returns the clause around the parenthesis `start`..`end`, grown to the quotations that it cuts."""
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


# ---------------------------------------------------------------- nouns, adverbs


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
        if t.dep[c] == "nmod:poss" and t.pos[c] in _NOMINAL:
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
    t = layout.t
    for c in t.children[i]:
        if c > i and (t.rel[c] == "ccomp" or (t.dep[c] == "acl" and _opens_with(layout, c, ("that", "to")))):
            return spans.snap(layout, ((layout.left[c], layout.right[c]),), i)
    # "X's comments were that Y"; the parser makes the copula's clause the head or a complement.
    h = t.head[i]
    if t.rel[i] == "nsubj" and h > i and sourced:
        for c in t.children[h]:
            if t.rel[c] == "ccomp" and t.lower[layout.left[c]] == "that" and t.lemma[h] == "be":
                return spans.snap(layout, ((layout.left[c], layout.right[c]),), i)
        if any(t.rel[c] == "cop" for c in t.children[h]) and _opens_with(layout, h, ("that",)):
            mark = next(c for c in t.children[h] if t.rel[c] == "mark")
            return spans.snap(layout, ((mark, layout.right[h]),), i)
    if sense in ("belief", "intention"):
        return ()
    _, right = spans.quotes_beside(layout, i)
    if right is not None:
        start = layout.ranges[right][0]
        if start - i <= 6 and t.text[start - 1] in (":", ",") and layout.left[i] <= i:
            return tuple(layout.ranges[k] for k in spans.speech(layout, right))
    return ()


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
