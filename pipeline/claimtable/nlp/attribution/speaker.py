"""From drafts to records: who the source is, what kind of report it is, and what stands inside what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from spacy.tokens import Doc

from claimtable.nlp import mentions, syntax
from claimtable.nlp.attribution import lexicon, spans
from claimtable.nlp.attribution.drafts import Draft
from claimtable.nlp.attribution.layout import Layout, Range
from claimtable.schema import Attribution

FIRST_PERSON = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
MAX_NESTING = 8
"""Levels of reports in reports through which a speaker is handed down."""
Kind = Literal["direct", "indirect", "mixed", "belief"]


def records(doc: Doc, layout: Layout, drafts: Sequence[Draft]) -> list[Attribution]:
    """Return the attributions of `drafts`, in the same order, with speaker, kind and parent."""
    parents = nest(layout, drafts)
    named: dict[int, tuple[str | None, str | None]] = {}

    def name(d: int, depth: int = 0) -> tuple[str | None, str | None]:
        if d not in named:
            parent = parents[d]
            if depth >= MAX_NESTING:
                parent = None
            quoted = parent is not None and _in_quote(layout, drafts[d], drafts[parent])
            if parent is not None and (
                (not drafts[d].source and _relayed(layout, drafts[d]) is None)
                or (quoted and _is_first_person(layout, drafts[d]))
            ):
                named[d] = name(parent, depth + 1)
            else:
                named[d] = speaker(doc, layout, drafts[d])
        return named[d]

    out: list[Attribution] = []
    for d, draft in enumerate(drafts):
        who, kind_of_speaker = name(d)
        how = kind(layout, draft)
        out.append(
            Attribution(
                source=layout.offsets(draft.source),
                cue=layout.offsets(draft.cue),
                content=layout.offsets(draft.content),
                speaker=who,
                speaker_type=kind_of_speaker,
                kind=how,
                parent=parents[d],
                rule=draft.rule,
                asserting=draft.sense != "attitude" or how in ("direct", "mixed"),
            )
        )
    return out


def nest(layout: Layout, drafts: Sequence[Draft]) -> list[int | None]:
    """Return for each draft the index of the innermost other whose content holds its cue, or None."""
    sizes = [sum(b - a for a, b in draft.content) for draft in drafts]
    holder = [-1] * layout.t.n
    for d in sorted(range(len(drafts)), key=lambda d: -sizes[d]):
        for a, b in drafts[d].content:
            holder[a:b] = [d] * (b - a)
    out: list[int | None] = []
    for d, draft in enumerate(drafts):
        anchor = (draft.cue or draft.source)[0][0] if draft.cue else -1
        parent = holder[anchor] if anchor >= 0 else -1
        out.append(parent if parent >= 0 and parent != d and sizes[parent] > sizes[d] else None)
    return out


def kind(layout: Layout, draft: Draft) -> Kind:
    """Return `belief` for thinking, hoping and planning; else by how much of the content is quoted."""
    if draft.sense in ("belief", "intention"):
        return "belief"
    words = [layout.quote[i] >= 0 for a, b in draft.content for i in range(a, b) if layout.word[i]]
    own = {layout.quote[i] for a, b in draft.cue for i in range(a, b)}
    inside = all(k >= 0 for k in own) and bool(own)
    if inside or not any(words):
        return "indirect"
    return "direct" if all(words) else "mixed"


def _in_quote(layout: Layout, draft: Draft, parent: Draft) -> bool:
    return bool(draft.cue) and layout.quote[draft.cue[0][0]] >= 0 and bool(parent.source)


def _head(layout: Layout, part: Range) -> int:
    return syntax.span_root(layout.t, *part)


def _is_first_person(layout: Layout, draft: Draft) -> bool:
    return bool(draft.source) and layout.t.lower[_head(layout, draft.source[0])] in FIRST_PERSON


def speaker(doc: Doc, layout: Layout, draft: Draft) -> tuple[str | None, str | None]:
    """Return the canonical name and the type of the source; (None, None) without one, or where it is nobody's voice."""
    relayed = _relayed(layout, draft)
    if relayed is None and not draft.source:
        return None, None
    t = layout.t
    part = draft.source[0] if relayed is None else spans.phrase(layout, relayed, draft.cue[0][0])
    head = _head(layout, part)
    if t.lower[head] in syntax.RELATIVE_PRONOUNS and t.pos[head] in ("PRON", "DET", "SCONJ"):
        noun = antecedent(layout, head)
        if noun is None:
            return None, None
        head, part = noun, spans.phrase(layout, noun, head)
    if t.lemma[head] in lexicon.phrases("datum"):
        return None, None
    offsets = layout.offsets((part,))
    if not offsets:
        return None, None
    return mentions.canonical_speaker(doc, *offsets[0])


def _relayed(layout: Layout, draft: Draft) -> int | None:
    """Return the head of whom a source relays: "the agency quoted the minister as saying …", "the minister was quoted as
    saying …"; None where it speaks itself.
    """
    t = layout.t
    for a, b in draft.cue:
        for i in range(a, b):
            saying = i if t.tag[i] == "VBG" else next((c for c in t.children[i] if t.tag[c] == "VBG"), None)
            if saying is None or not any(t.lower[c] == "as" for c in t.children[saying]):
                continue
            verb = t.head[saying]
            if t.lemma[verb] in lexicon.phrases("relay"):
                return syntax.child(t, verb, "obj", "nsubj:pass")
    return None


def antecedent(layout: Layout, pronoun: int) -> int | None:
    """Return the head noun that a relative pronoun stands for, or None when the parse has none."""
    t = layout.t
    for i in t.ancestors(pronoun)[:4]:
        if t.rel[i] == "acl" and t.head[i] < pronoun:
            return t.head[i]
    return None
