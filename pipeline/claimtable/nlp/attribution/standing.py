"""Quotations that no reporting verb of the parse took up: who said them, by what stands around them.

A name behind a dash or in brackets, a label above or before them, "is how X puts it", "the verdict of X", a reporting clause that the
parser broke, the person whom the sentence before is about. The ways compete (`rules/data/quotation_lines.tsv`); a
whole sentence in quotation marks that none of them gives to somebody is nobody's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from claimtable import rules
from claimtable.nlp import mentions, syntax
from claimtable.nlp.attribution import lexicon, spans
from claimtable.nlp.attribution.continuation import is_whole
from claimtable.nlp.attribution.drafts import Draft, merge, tokens_of
from claimtable.nlp.attribution.layout import Layout, Range
from claimtable.nlp.lines import Candidate, Line, choose, lines_of
from claimtable.nlp.tokens import Tokens

ACT_RULE = "rt.act"
"""A cue whose object is what it is done to: it names a relation, but nobody who says anything."""
MIN_WORDS = 3
"""Shorter quotations are titles and names."""
MAX_LABEL = 12
"""Words of a label or signature beside a quotation, at most (set by hand)."""
REACH = 40
"""Tokens around a quotation in which who said it is named (set by hand: it bounds the search)."""
_DASHES = "-–—−―"
_ENDS = ".!?…"
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation, or what a colon introduces without marks. Half-open token ranges."""

    parts: tuple[Range, ...]
    before: Range
    """What stands before it in its sentence."""
    after: Range
    """What stands behind it in its sentence; empty where its own full stop ends that."""
    tail: Range
    """What stands behind it up to the end of its line."""

    @property
    def first(self) -> int:
        """First token."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """Token behind the last."""
        return self.parts[-1][1]


Found = tuple[tuple[Range, ...], tuple[Range, ...]]
"""Source and cue; both empty where nobody is named."""


@functools.cache
def lines() -> Mapping[str, Line]:
    """Return the lines of `quotation_lines.tsv`, read once."""
    return lines_of("quotation_lines", generators=frozenset(GENERATORS))


@functools.cache
def _claim_nouns(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in rules.table("claim_nouns") if row["class"] == kind)


def settle(doc: Doc, layout: Layout, drafts: Sequence[Draft]) -> list[Draft]:
    """Return `drafts` with the quotations settled that none of them gives to somebody, in text order."""
    kept = [
        replace(d, rule=ACT_RULE, sense="attitude") if _is_act(layout, d) else d
        for d in drafts
        if layout.offsets(d.content) and not _is_beat(layout, d)
    ]
    holder = _holders(layout, kept)
    taken: set[int] = set()
    dropped: set[int] = set()
    for k, (a, b) in enumerate(layout.ranges):
        if k in taken or layout.section[a] < 0 or layout.words(a, b) < MIN_WORDS:
            continue
        speech = spans.speech(layout, k)
        taken.update(speech)
        held = holder.get(k)
        if held is not None and not _is_open(layout, kept[held]):
            continue
        passage = passage_of(layout, [layout.ranges[q] for q in speech])
        found = _propose(doc, layout, passage, sure=held is not None)
        if found is None:
            continue
        if held is not None:
            dropped.add(held)
        kept.append(Draft(found.value[0], found.value[1], merge(passage.parts), found.line))
    kept = [d for i, d in enumerate(kept) if i not in dropped]
    kept.extend(_after_colons(layout, kept))
    kept.extend(_placings(layout, kept))
    kept.sort(key=lambda d: d.key)
    return kept


def _propose(doc: Doc, layout: Layout, passage: Passage, *, sure: bool) -> Candidate[Found] | None:
    """Return what the lines propose for a passage; `sure` where it takes more than what is near to overrule what is known."""
    proposed = [
        Candidate(line.id, line.weight, found)
        for line in lines().values()
        if not (sure and line.weight < _SURE)
        for found in GENERATORS[line.generator](doc, layout, passage)
    ]
    choice = choose(proposed, cell="speaker", at=layout.t.start[passage.first])
    return choice.winner if choice is not None else None


_SURE = 3.0
"""Weight from which a line overrules a draft with a source that says little."""


def passage_of(layout: Layout, parts: Sequence[Range]) -> Passage:
    t = layout.t
    first, end = parts[0][0], parts[-1][1]
    low, high = layout.paragraphs[layout.paragraph[first]][0], layout.paragraphs[layout.paragraph[end - 1]][1]
    a = first
    while a > max(low, first - REACH) and layout.quote[a - 1] < 0 and not _stops(layout, a - 1):
        a -= 1
    b = end
    closes = any(t.text[i][-1:] in _ENDS for i in range(max(first, end - 2), end))
    upper = end < high and t.text[end][:1].isupper()
    while (
        b < min(high, end + REACH)
        and not (closes and upper)
        and layout.quote[b] < 0
        and not _stops(layout, b)
    ):
        b += 1
    return Passage(tuple(parts), (a, first), (end, b), (end, high))


def _stops(layout: Layout, i: int) -> bool:
    return layout.t.text[i] in _ENDS and i > 0 and layout.word[i - 1]


def _holders(layout: Layout, drafts: Sequence[Draft]) -> dict[int, int]:
    """Return for each quotation the draft with the shortest content that holds most of it."""
    out: dict[int, int] = {}
    size = [sum(b - a for a, b in d.content) for d in drafts]
    for d, draft in enumerate(drafts):
        inside = tokens_of(draft.content)
        for k in {layout.quote[i] for i in inside} - {-1}:
            a, b = layout.ranges[k]
            if 2 * len(inside.intersection(range(a, b))) > b - a and (k not in out or size[d] < size[out[k]]):
                out[k] = d
    return out


def _is_open(layout: Layout, draft: Draft) -> bool:
    """Return whether a draft leaves open who speaks: it has no source, goes on from an earlier one, or names who is told."""
    if not draft.source or not any(layout.word[i] for i in tokens_of(draft.cue)):
        return True
    verb = draft.cue[-1][1] - 1
    entry = lexicon.verbs().get(layout.t.lemma[verb])
    return entry is not None and "addressee" in entry.frames and draft.source[0][0] == verb + 1


def _is_beat(layout: Layout, draft: Draft) -> bool:
    """Return whether a cue only tells what somebody did beside a quotation that its own full stop ends: "They nodded."."""
    if not draft.cue or any(layout.quote[i] < 0 for i in tokens_of(draft.content) if layout.word[i]):
        return False
    verb, end = draft.cue[-1][1] - 1, draft.content[-1][1]
    if layout.quote[verb] >= 0 or layout.t.lemma[verb] in lexicon.verbs():
        return False
    closed = any(layout.t.text[i] in _ENDS for i in range(max(0, end - 2), end))
    return closed and verb >= end and layout.t.sent[verb] != layout.t.sent[draft.content[0][0] + 1]


def _is_act(layout: Layout, draft: Draft) -> bool:
    """Return whether a verb takes its object for what it is done to, not for what it says: "found 14 bodies", "asked 200 people"."""
    t = layout.t
    inside = tokens_of(draft.content)
    cue = [i for i in tokens_of(draft.cue) if t.pos[i] == "VERB"]
    verbs = {t.lemma[i] for i in cue}
    if any(t.tag[i] not in ("VBD", "VBN") for i in cue):
        return False  # "Wagner identifies 350 projects", in the present, is what he says
    if not verbs or not verbs <= lexicon.phrases("act").keys() or any(layout.quote[i] >= 0 for i in inside):
        return False
    return not any(t.pos[i] == "VERB" and (syntax.is_finite(t, i) or syntax.has_to(t, i)) for i in inside)


# ---------------------------------------------------------------- what the lines propose


def _names(doc: Doc, layout: Layout, part: Range) -> list[Range]:
    """Return the persons that a stretch names, else the organisations, as token ranges."""
    t = layout.t
    a, b = part
    if a >= b:
        return []
    found: list[tuple[str, Range]] = [
        (m.label, t.range(m.start, m.end)) for m in mentions.mentions_in(doc, t.start[a], t.end[b - 1])
    ]
    if not found:  # a label line may stand in no section, where names have no mention
        found = [(e.label_, (e.start, e.end)) for e in doc[a:b].ents]
    for label in ("PERSON", "ORG"):
        own = [x for kind, x in found if kind == label and x[0] >= a]
        if own:
            return own
    return []


def _signature(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield the name behind a dash that ends the line or opens the next: '"Y." — X, councillor'."""
    t = layout.t
    a, b = p.tail
    if not layout.words(a, b) and b < t.n and layout.section[b] == layout.section[p.first]:
        a, b = layout.paragraphs[layout.paragraph[b]]
    while a < b and t.pos[a] == "SPACE":
        a += 1
    if a >= b or t.text[a][0] not in _DASHES or layout.words(a, b) > MAX_LABEL:
        return
    if any(syntax.is_finite(t, i) for i in range(a, b) if t.pos[i] in ("VERB", "AUX")):
        return
    yield from (((x,), ()) for x in _names(doc, layout, (a, b))[:1])


def _bracket(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield the name that brackets behind a quotation hold: '"Y" (X, 3 May 2018)'."""
    t = layout.t
    a, b = p.tail
    if a < b and t.text[a] in "([":
        end = next((i for i in range(a, min(b, a + REACH)) if t.text[i] in ")]"), a)
        names = _names(doc, layout, (a, end))
        if names and layout.words(a, names[0][0]) <= 3:
            yield (names[0],), ()


def _heading(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield the name in the line above that ends with a colon: "From Chairwoman X:"."""
    k = layout.paragraph[p.first]
    if layout.words(layout.paragraphs[k][0], p.first):
        return
    while k > 0:
        k -= 1
        a, b = layout.paragraphs[k]
        while b > a and layout.t.pos[b - 1] == "SPACE":
            b -= 1
        if b > a:
            if layout.t.text[b - 1] == ":" and layout.words(a, b) <= MAX_LABEL:
                yield from (((x,), ()) for x in _names(doc, layout, (a, b))[:1])
            return


def _label(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield the only name before the colon that introduces a quotation: "Here is X on the plan: ...", "X: ..."."""
    a, b = p.before
    while b > a and layout.t.pos[b - 1] == "SPACE":
        b -= 1
    if b > a and layout.t.text[b - 1] == ":" and layout.words(a, b) <= MAX_LABEL:
        names = _names(doc, layout, (a, b))
        if len(names) == 1:
            yield (names[0],), ()


def _utterance(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield whose words a noun beside the quotation says they are: "were the words of X", "in X's words", "the verdict from X"."""
    t = layout.t
    nouns = lexicon.phrases("utterance")
    for i in (i for part in (p.after, p.before) for i in range(*part)):
        if t.lemma[i] in nouns and t.pos[i] == "NOUN":
            for c in t.children[i]:
                owns = t.dep[c] == "nmod:poss" and t.pos[c] in _NOMINAL
                if owns or (t.rel[c] == "nmod" and syntax.case_word(t, c) in ("of", "by", "from")):
                    yield (spans.phrase(layout, c, i),), ((i, i + 1),)


def _manner(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield who puts it so: "is how X puts it", "as X described it"."""
    t = layout.t
    for part in (p.after, p.before):
        opened = [i for i in range(*part) if t.lower[i] in ("how", "as")]
        for i in range(*part):
            if opened and i > opened[0] and t.lemma[i] in lexicon.phrases("manner"):
                who = next((c for c in t.children[i] if t.rel[c] == "nsubj" and part[0] <= c < part[1]), None)
                if who is not None and t.pos[who] in _NOMINAL:
                    yield (spans.phrase(layout, who, i),), ((i, i + 1),)


def _clause(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield the subject of a reporting verb beside the quotation by the order of words: '"Y," said X', '"Y," X, told reporters'."""
    for part in (p.after, p.before):
        verb = next((i for i in range(*part) if _is_reporting(layout, i)), None)
        if verb is not None and _is_beside(layout, p, part, verb):
            source = _before_verb(layout, part[0], verb) or _behind_verb(layout, verb, part[1])
            if source is not None:
                yield (source,), ((verb, verb + 1),)
            return


def _is_beside(layout: Layout, p: Passage, part: Range, verb: int) -> bool:
    """Return whether a reporting clause is next to the quotation: nothing but its subject or who is told lies between."""
    t = layout.t
    if part == p.after:
        return all(
            t.pos[i] in ("PROPN", "NOUN", "PRON", "DET", "ADJ", "ADP", "NUM", "PUNCT", "PART")
            for i in range(part[0], verb)
        )
    return layout.words(verb + 1, part[1]) <= MAX_LABEL and "that" not in t.lower[verb + 1 : part[1]]


def _before_verb(layout: Layout, first: int, verb: int) -> Range | None:
    t = layout.t
    named = [i for i in range(first, verb) if t.pos[i] in _NOMINAL]
    if not named:
        return None
    head = syntax.span_root(t, named[0], named[-1] + 1)
    head = head if t.pos[head] in _NOMINAL else named[0]
    return None if t.rel[head] == "nmod" or syntax.case_word(t, head) else layout.trim(first, verb)


def _behind_verb(layout: Layout, verb: int, end: int) -> Range | None:
    """Return the noun phrase behind a verb that takes nobody told for an object."""
    t = layout.t
    head = next((i for i in range(verb + 1, end) if t.pos[i] in _NOMINAL), None)
    if head is not None and any(t.pos[i] in ("SCONJ", "VERB", "AUX") for i in range(verb + 1, head)):
        return None
    if head is None or "addressee" in lexicon.verbs()[t.lemma[verb]].frames:
        return None
    while verb < t.head[head] < end and t.head[head] != head and t.pos[t.head[head]] in _NOMINAL:
        head = t.head[head]
    a, b = spans.phrase(layout, head, verb)
    return max(a, verb + 1), max(b, head + 1)


def _is_reporting(layout: Layout, i: int) -> bool:
    t = layout.t
    entry = lexicon.verbs().get(t.lemma[i])
    past = t.tag[i] == "VBN" and syntax.child(t, i, "nsubj") is not None and not syntax.auxiliaries(t, i)
    return (
        (past or t.tag[i] in ("VBD", "VBZ", "VBP"))
        and entry is not None
        and entry.sense == "say"
        and "quote" in entry.frames
    )


def _subject(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield the person whom the sentence before is about, for a whole sentence that stands in quotation marks alone."""
    t = layout.t
    if not all(is_whole(layout, *part) for part in (p.parts[0], p.parts[-1])) or p.first == 0:
        return
    if layout.paragraph[p.first - 1] != layout.paragraph[p.first] or layout.quote[p.first - 1] >= 0:
        return
    a, b = t.sents[t.sent[p.first - 1]]
    who = next(
        (
            i
            for i in range(a, min(b, p.first))
            if t.rel[i] == "nsubj" and t.rel[t.head[i]] in ("root", "conj")
        ),
        None,
    )
    if who is not None and (t.lower[who] in ("he", "she") or _is_person(doc, layout, who)):
        yield (spans.phrase(layout, who, t.head[who]),), ()


def _is_person(doc: Doc, layout: Layout, i: int) -> bool:
    start, end = layout.t.start[i], layout.t.end[i]
    return any(m.label == "PERSON" for m in mentions.mentions_in(doc, start, end))


def _nobody(doc: Doc, layout: Layout, p: Passage) -> Iterator[Found]:
    """Yield nobody, for whole sentences that say something."""
    t = layout.t
    says = any(syntax.is_finite(t, i) for a, b in p.parts for i in range(a, b) if t.pos[i] in ("VERB", "AUX"))
    if says and is_whole(layout, *p.parts[0]):
        yield (), ()


GENERATORS: Mapping[str, Callable[[Doc, Layout, Passage], Iterator[Found]]] = {
    "signature": _signature,
    "bracket": _bracket,
    "heading": _heading,
    "label": _label,
    "utterance": _utterance,
    "manner": _manner,
    "clause": _clause,
    "subject": _subject,
    "nobody": _nobody,
}


# ---------------------------------------------------------------- colons without quotation marks

COLON_RULE = "quote.colon"
"""What a reporting verb and a colon introduce without quotation marks."""


def _after_colons(layout: Layout, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Yield "X said: Y" without marks: Y is what follows in the sentence, or the next one where the parser ends it at the colon."""
    t = layout.t
    taken = {i for d in drafts for i in tokens_of(d.content)}
    for k in range(2, t.n - 1):
        verb = k - 1
        if t.text[k] != ":" or not _is_reporting(layout, verb) or layout.section[k] < 0 or k + 1 in taken:
            continue
        if layout.quote[k] >= 0 or layout.quote[k + 1] >= 0 or layout.paragraph[k + 1] != layout.paragraph[k]:
            continue
        who = syntax.child(t, verb, "nsubj")
        end = t.sents[t.sent[k + 1]][1]
        if who is not None and who < verb and layout.words(k + 1, end) >= MIN_WORDS:
            yield Draft((spans.phrase(layout, who, verb),), ((verb, k),), ((k + 1, end),), COLON_RULE)


# ---------------------------------------------------------------- figures that somebody puts at a level

PLACING_RULE = "rv.put_at"
"""Who puts a figure at a level: "police put the crowd at 4,000"."""


def _placings(layout: Layout, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Yield "X puts Y at 4 percent"; not what a thing does to a figure ("the rise puts it at 4 percent")."""
    t = layout.t
    cues = {i for d in drafts for i in tokens_of(d.cue)}
    verbs = _claim_nouns("value")
    for i in range(t.n):
        if t.lemma[i] in verbs and t.pos[i] == "VERB" and layout.section[i] >= 0 and i not in cues:
            passive = any(t.dep[c] in ("aux:pass", "nsubj:pass") for c in t.children[i])
            what = syntax.child(t, i, "nsubj:pass" if passive else "obj")
            who = _oblique(t, i, "by") if passive else syntax.child(t, i, "nsubj")
            level = _oblique(t, i, "at")
            if what is not None and who is not None and level is not None and _may_place(layout, who):
                content = [(layout.left[k], layout.right[k]) for k in (what, level)]
                source = spans.phrase(layout, who, i)
                yield Draft((source,), ((i, i + 1),), merge(content), PLACING_RULE, "finding")


def _oblique(t: Tokens, verb: int, case: str) -> int | None:
    return next((c for c in t.children[verb] if t.rel[c] == "obl" and syntax.case_word(t, c) == case), None)


def _may_place(layout: Layout, i: int) -> bool:
    """Return whether a noun may be who says a figure: no demonstrative, no change."""
    t = layout.t
    return (
        t.pos[i] in _NOMINAL
        and t.lower[i] not in ("it", "that", "this", "which")
        and t.lemma[i] not in _claim_nouns("change")
    )
