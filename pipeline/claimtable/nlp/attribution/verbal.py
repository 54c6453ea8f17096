"""Attributions with a verb as cue: frames of the lexicon over the parse, and the quotations beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.attribution import lexicon, spans
from claimtable.nlp.attribution.drafts import Draft, merge, subtract
from claimtable.nlp.attribution.layout import Layout, Range

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "ADJ", "DET"})
"""Parts of speech that a source may have."""
_PLACEHOLDERS = frozenset({"there", "it"})
_CUE_PARTS = frozenset({"aux", "advmod"})
_DETACHED = 4
"""Word tokens of the reporting clause that may lie outside the subtree of its verb, for a quotation to be beside it."""
_WORDS_BEFORE, _WORDS_BEHIND = 15, 12
"""Words between a verb and the quotation that it introduces; that it follows."""
_MOST_PASSAGES = 5
"""Passages before the verb that one reporting clause may close."""


def find_verbal(layout: Layout) -> list[Draft]:
    """Return the attributions with a verb as cue."""
    return _without_participles(layout, dict(_verbal(layout)))


def _verbal(layout: Layout) -> Iterator[tuple[int, Draft]]:
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
            yield i, Draft((source,) if source else (), (cue,), content, entry.id, entry.sense)


def _governs_cue(layout: Layout, i: int) -> bool:
    """Recognise "is reported to have told", where the cue is that of what was told."""
    t = layout.t
    return any(
        t.rel[c] == "xcomp" and t.lemma[c] in lexicon.verbs() and _has_to(layout, c) for c in t.children[i]
    )


def _is_subjectless(layout: Layout, i: int) -> bool:
    """Recognise participles and infinitives, which may attribute to somebody who is named elsewhere or nowhere."""
    return layout.t.tag[i] in ("VBG", "VBN") and layout.t.rel[i] in ("advcl", "acl", "root")


def _complement(layout: Layout, i: int, entry: lexicon.Entry, passive: bool) -> tuple[Range, ...]:
    """Return what the frames of the verb `i` take as said: a clause, an infinitive, what it hangs on, an object."""
    frames = entry.frames
    return (
        _clausal(layout, i, frames, passive)
        or _infinitive(layout, i, frames, passive)
        or _hung_on(layout, i, frames)
        or _nominal_complement(layout, i, frames, passive)
        or (_after_addressee(layout, i) if "addressee" in frames else ())
    )


def _clausal(layout: Layout, i: int, frames: frozenset[str], passive: bool) -> tuple[Range, ...]:
    """Return the clause with a verb of its own that the verb `i` governs."""
    relations = {"ccomp"} if {"clause", "quote"} & frames else set()
    if passive and "clause" in frames:
        relations.add("csubj")
    for c in layout.t.children[i]:
        if layout.t.rel[c] in relations:
            return _clause(layout, i, c)
    return ()


def _infinitive(layout: Layout, i: int, frames: frozenset[str], passive: bool) -> tuple[Range, ...]:
    """Return the open clause behind the verb `i`: "pledged to go", "is said to be late" with its subject."""
    t = layout.t
    for c in t.children[i]:
        if t.rel[c] != "xcomp" or c < i:
            continue
        span = (layout.left[c], layout.right[c])
        if passive and {"clause", "inf", "np"} & frames:
            subject = _passive_subject(layout, i)
            return merge([span] if subject is None else [span, subject])
        if "inf" in frames and _has_to(layout, c):
            return spans.snap(layout, (span,), i)
        if "clause" in frames and not _has_to(layout, c) and syntax.child(t, i, "obj") is None:
            return spans.snap(layout, (span,), i)
    return ()


def _hung_on(layout: Layout, i: int, frames: frozenset[str]) -> tuple[Range, ...]:
    """Return what is said where the reporting clause hangs on it: "Y, said X" and "Y, X said, Z"."""
    if not {"clause", "quote"} & frames:
        return ()
    t = layout.t
    inserted = _inserted(layout, i)
    if inserted is not None:
        return spans.snap(layout, subtract((t.sents[t.sent[i]],), inserted), i)
    h = t.head[i]
    whole = (layout.left[i], layout.right[i])
    if (
        t.rel[i] == "parataxis"
        and h < i
        and any(t.dep[c] in syntax.SUBJECTS for c in t.children[i])
        and _set_off(layout, whole)
    ):
        return spans.snap(layout, subtract(((layout.left[h], layout.right[h]),), whole), i)
    return ()


def _nominal_complement(layout: Layout, i: int, frames: frozenset[str], passive: bool) -> tuple[Range, ...]:
    """Return the noun phrase that is said: the object with its predicate, or the subject of a passive with an agent."""
    if "np" not in frames:
        return ()
    t = layout.t
    for c in t.children[i]:
        if t.rel[c] == "obj" and c > i:
            parts = (d for d in t.children[i] if d > c and t.rel[d] in ("xcomp", "advcl", "obl"))
            end = max((layout.right[d] for d in parts if _is_part(layout, d)), default=layout.right[c])
            return spans.snap(layout, ((layout.left[c], max(end, layout.right[c])),), i)
    subject = _passive_subject(layout, i)
    if passive and subject is not None and _agent(layout, i) is not None:
        return (subject,)
    return ()


def _passive_subject(layout: Layout, i: int) -> Range | None:
    """Return the subject of a passive; None where it only stands for one."""
    subject = syntax.child(layout.t, i, "nsubj:pass")
    if subject is None or layout.t.lower[subject] in _PLACEHOLDERS:
        return None
    return layout.left[subject], layout.right[subject]


def _inserted(layout: Layout, i: int) -> Range | None:
    """Return the reporting clause ", X said," where commas alone set it off inside a sentence, else None.

    The parser tends to hang the subject of the sentence on its verb.
    """
    t = layout.t
    a, b = t.sents[t.sent[i]]
    start = max((layout.left[c] for c in t.children[i] if t.rel[c] == "nsubj" and c < i), default=i)
    if start - 1 <= a or start == i or i + 2 >= b or layout.quote[i] >= 0:
        return None
    if t.text[start - 1] != "," or t.text[i + 1] != "," or not layout.words(a, start - 1):
        return None
    return (start - 1, i + 2) if layout.left[i] < start or t.rel[i] == "parataxis" else None


def _after_addressee(layout: Layout, i: int) -> tuple[Range, ...]:
    """Return the that-clause of "told X that Y" where the parser hung it on X."""
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
    """Yield the dependents that close the subtree of `c`, from the top down."""
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
            if t.rel[c] == "obl" and syntax.case_word(t, c) == "by" and t.pos[c] in NOMINAL
        ),
        None,
    )


def _is_part(layout: Layout, d: int) -> bool:
    """Return what belongs to a reported object ("criticized him for Y", "described it as Y") from circumstances."""
    case = syntax.case_word(layout.t, d)
    return layout.t.rel[d] == "xcomp" or (
        layout.t.rel[d] != "advcl" and case in ("as", "for", "of", "about", "by", "from", "to", "over")
    )


def _has_to(layout: Layout, c: int) -> bool:
    return any(layout.t.lower[g] == "to" and layout.t.rel[g] == "mark" for g in layout.t.children[c])


def _set_off(layout: Layout, clause: Range) -> bool:
    """Return whether a clause is set off by punctuation at its start."""
    t, (a, b) = layout.t, clause
    return (t.pos[a] == "PUNCT" or (a > 0 and t.pos[a - 1] == "PUNCT")) and b > a


def _clause(layout: Layout, i: int, c: int) -> tuple[Range, ...]:
    """Return the complement `c` of the cue `i` without the reporting clause where that stands inside it."""
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
    """Return the quoted passage right after the reporting clause of a quotation ('"Y," said X. "Z."')."""
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
    """Return the end of the reporting clause: the end of the verb's subject and of what else follows outside quotes."""
    t = layout.t
    _, b = layout.paragraphs[layout.paragraph[i]]
    k = i + 1
    while k < b and layout.quote[k] < 0 and not (t.text[k] in ".!?" and layout.word[k - 1]):
        k += 1
    return k


def _quotation(layout: Layout, i: int) -> tuple[Range, ...]:
    """Return the quoted passages beside the reporting clause of the verb `i`."""
    if layout.quote[i] >= 0:
        return ()
    left, right = spans.quotes_beside(layout, i)
    parts: list[Range] = []
    if right is not None and _introduces(layout, i, right):
        parts += [layout.ranges[k] for k in spans.speech(layout, right)]
    if left is not None and _closes(layout, i, left):
        first = left
        while first > 0 and left - first < _MOST_PASSAGES and first in spans.speech(layout, first - 1)[1:2]:
            first -= 1
        parts += [layout.ranges[k] for k in range(first, left + 1)]
        parts += _goes_on(layout, i, tuple(parts))
    return merge(parts)


def _introduces(layout: Layout, i: int, quote: int) -> bool:
    """Return whether only the reporting clause of the verb `i` stands between it and the passage behind it."""
    between = range(i + 1, layout.ranges[quote][0])
    gap = [k for k in between if layout.word[k]]
    return (
        len(gap) <= _WORDS_BEFORE
        and not _has_stop(layout, between)
        and all(layout.left[i] <= k < layout.right[i] or _reports(layout, k, i) for k in gap)
    )


def _closes(layout: Layout, i: int, quote: int) -> bool:
    """Return whether the passage before the verb `i` ends as one that is reported, and only its clause follows."""
    t = layout.t
    end = layout.ranges[quote][1]
    between = range(end, i)
    gap = [k for k in between if layout.word[k]]
    stray = sum(not layout.left[i] <= k < layout.right[i] for k in gap)
    if stray > _DETACHED or len(gap) > _WORDS_BEHIND or _has_stop(layout, between):
        return False
    closing = layout.text[t.start[end - 1] - 1 : t.end[end - 1]]
    return layout.quotes[quote].closed and any(c in closing for c in ",.?!")


def _has_stop(layout: Layout, between: range) -> bool:
    return any(layout.t.text[k] in ".!?" for k in between)


def _reports(layout: Layout, k: int, i: int) -> bool:
    """Return whether the token `k` after the cue belongs to its addressee, place, time or manner."""
    t = layout.t
    steps = 0
    while t.head[k] != k and steps < 8:
        if t.head[k] == i:
            return t.rel[k] in ("obj", "iobj", "obl", "advmod", "nsubj", "compound", "xcomp", "advcl")
        k = t.head[k]
        steps += 1
    return False


def verb_source(layout: Layout, i: int, content: tuple[Range, ...] = ()) -> Range | None:
    """Return the noun phrase that does what the verb `i` says, taken from the clause above where it has none."""
    head = _source_head(layout, i, content)
    if head is None or layout.t.pos[head] not in NOMINAL or any(a <= head < b for a, b in content):
        return None
    return spans.phrase(layout, head, i)


def _source_head(layout: Layout, i: int, content: tuple[Range, ...]) -> int | None:
    t = layout.t
    own = next((c for c in _nearest(t.children[i], i) if t.dep[c] in ("nsubj", "nsubj:outer")), None)
    passive = any(t.dep[c] in ("nsubj:pass", "aux:pass") for c in t.children[i])
    if passive or (own is None and t.tag[i] == "VBN" and t.rel[i] == "acl"):
        return _agent(layout, i)
    if own is not None:
        return None if t.lower[own] == "there" else own
    inverted = _inverted_subject(layout, i, content)
    if inverted is not None:
        return inverted
    head = syntax.subject(t, _reporting_above(layout, i) or i)
    return None if head == i or t.rel[i] == "root" else head


def _inverted_subject(layout: Layout, i: int, content: tuple[Range, ...]) -> int | None:
    """Return the "X" of "'Y', said X" where the parser took it for an object."""
    t = layout.t
    if not content or content[0][0] > i:
        return None
    for c in t.children[i]:
        if (
            c > i
            and t.rel[c] in ("obj", "iobj")
            and layout.left[c] == i + 1
            and t.pos[c] in ("PROPN", "PRON", "NOUN")
        ):
            return c
    return None


def _nearest(children: Sequence[int], i: int) -> list[int]:
    """Return the dependents of `i`, those before it nearest first, then those after it."""
    return [c for c in reversed(children) if c < i] + [c for c in children if c > i]


def _reporting_above(layout: Layout, i: int) -> int | None:
    """Return the verb of saying whose report ends in ", adding that …", which the parser hangs on the report."""
    t = layout.t
    if (
        t.tag[i] != "VBG"
        or t.rel[i] != "advcl"
        or "," not in (t.text[max(layout.left[i] - 1, 0)], t.text[layout.left[i]])
    ):
        return None
    verbs = lexicon.verbs()
    k = t.head[i]
    for _ in range(4):
        h = t.head[k]
        if h == k:
            return None
        if (
            t.rel[k] in ("ccomp", "parataxis")
            and t.lemma[h] in verbs
            and any(t.rel[c] == "nsubj" for c in t.children[h])
        ):
            return h
        k = h
    return None


def verb_cue(layout: Layout, i: int) -> Range:
    """Return the cue around the verb `i`: auxiliaries, negation and adverbs before it, its particle, "went on to"."""
    t = layout.t
    a = i
    parts = {c for c in t.children[i] if t.rel[c] in _CUE_PARTS and c < i}
    while a > 0 and (a - 1) in parts:
        a -= 1
    h = t.head[i]
    if t.rel[i] in ("xcomp", "advcl") and i - 4 <= h < i and layout.quote[h] == layout.quote[i]:
        middle = range(h + 1, a)
        if all(t.head[k] in (i, h) and t.rel[k] in ("mark", "compound", "advmod") for k in middle) and t.tag[
            i
        ] in ("VB", "VBN"):
            return verb_cue(layout, h)[0], _particle(layout, i)
    return a, _particle(layout, i)


def _particle(layout: Layout, i: int) -> int:
    t = layout.t
    if i + 1 < t.n and t.head[i + 1] == i and t.dep[i + 1] == "compound:prt":
        return i + 2
    return i + 1


def _without_participles(layout: Layout, drafts: dict[int, Draft]) -> list[Draft]:
    """Take ", adding that Z" out of what was said before; `drafts` are keyed by their verbs."""
    t = layout.t
    out = dict(drafts)
    for i in drafts:
        above = _reporting_above(layout, i)
        if above is not None and above in out:
            d = out[above]
            content = subtract(d.content, (layout.left[i], max(layout.right[i], t.sents[t.sent[i]][1])))
            if content:
                out[above] = replace(d, content=content)
    return list(out.values())
