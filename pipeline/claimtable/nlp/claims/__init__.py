"""Claims: one row per value or prediction, put together from the layers below.

For each sentence of a section the quantities that are claims become drafts; predictions take in the
quantities of their own clause; what is left is a quantitative claim. Each row then gets its subject, time,
place, speaker and provenance. The contract is in the documentation of the claims table (`COLUMNS`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions, syntax
from claimtable.nlp.claims.context import Context, NounClasses, Sentence
from claimtable.nlp.claims.subjects import Memory, Subject, figure_head, find_subject, finish
from claimtable.nlp.claims.times import claim_time
from claimtable.schema import CONTEXT_CHARS, Bound, Change, Claim, Prediction, Quantity, TimeExpression

VERSION = "1"

MONEY_FLOOR = 100_000.0
"""A bare number from here on beside a money word is taken for money in the document's currency."""

# How often a row of this origin was right on the development articles, in steps of five per cent.
_CONFIDENCE = {
    "modal.will": 0.9,
    "raising": 0.9,
    "modal": 0.8,
    "intention": 0.8,
    "report": 0.8,
    "noun": 0.75,
    "infinitive": 0.7,
    "modifier": 0.7,
    "scheduled": 0.6,
}
_QUANTITY_CONFIDENCE = 0.85
_UNRESOLVED_PENALTY = 0.25
_CARRIED_PENALTY = 0.05

MONEY_WINDOW = 8
"""Tokens on either side in which the money word must stand."""

_RESPECTIVE = re.compile(r"\brespective(?:ly)?\b", re.IGNORECASE)


@dataclass(slots=True)
class _Figure:
    """A quantity that may become a row."""

    quantity: Quantity
    first: int
    end: int
    head: int
    subject: Subject
    prediction: Prediction | None = None


class Claims:
    """Writes `doc._.claimtable_claims`."""

    def __init__(self) -> None:
        self.nouns = NounClasses()

    def __call__(self, doc: Doc) -> Doc:
        extensions.set_layer(doc, "claims", build_claims(doc, self.nouns))
        return doc


def build_claims(doc: Doc, nouns: NounClasses) -> list[Claim]:
    """Returns the claims of a document with all other layers, in text order."""
    ctx = Context(doc, nouns)
    claims: list[Claim] = []
    memory = Memory()
    by_sentence = _by_sentence(ctx, ctx.quantities)
    predictions = _by_sentence(ctx, ctx.predictions)
    currency = _document_currency(ctx.quantities)
    running: TimeExpression | None = None
    section = None
    for sentence in ctx.sentences:
        if sentence.section is not section:
            memory, section, running = Memory(paragraph=sentence.paragraph), sentence.section, None
        elif sentence.paragraph != memory.paragraph:
            memory.paragraph = sentence.paragraph
            memory.topic = memory.topic_unit = None
            running = None
        if sentence.section.role == "title" and not _has_finite_verb(ctx, sentence):
            continue
        figures = [
            _Figure(q, *_span(ctx, q), find_subject(ctx, q, sentence, memory))
            for q in (
                _in_currency(ctx, part, currency) for part in _parts(by_sentence.get(sentence.index, ()))
            )
            if _is_claim(ctx, q, sentence)
        ]
        _align_series(ctx, sentence, figures, memory)
        own = predictions.get(sentence.index, ())
        rows = _rows(ctx, sentence, figures, own, running, memory)
        claims.extend(rows)
        _remember(ctx, sentence, memory, figures)
        running = _running_time(ctx, sentence) or running
    return _unique(claims)


def _span(ctx: Context, q: Quantity) -> tuple[int, int, int]:
    first, end, head, _ = figure_head(ctx, q)
    return first, end, head


def _by_sentence(ctx: Context, records: Sequence[Quantity] | Sequence[Prediction]) -> dict[int, list]:  # type: ignore[type-arg]
    out: dict[int, list] = {}  # type: ignore[type-arg]
    for record in records:
        offset = (
            record.event_start
            if isinstance(record, Prediction) and record.event_start is not None
            else record.start
        )
        out.setdefault(ctx.t.sent[ctx.t.at(offset)], []).append(record)
    return out


def _parts(mentions: Sequence[Quantity]) -> list[Quantity]:
    """Returns the values that can be rows: a movement is taken apart, definite counts, idioms and vague amounts are left out."""
    return [
        part for mention in mentions if mention.role == "quantity" for part in mention.parts or (mention,)
    ]


def _document_currency(quantities: Sequence[Quantity]) -> str | None:
    counts: dict[str, int] = {}
    for q in quantities:
        if q.dimension == "money" and q.unit:
            code = q.unit.partition("/")[0]
            counts[code] = counts.get(code, 0) + 1
    return max(counts, key=lambda c: counts[c]) if counts else None


def _has_finite_verb(ctx: Context, sentence: Sentence) -> bool:
    return any(
        syntax.is_finite(ctx.t, i)
        for i in range(sentence.start, sentence.end)
        if ctx.t.pos[i] in ("VERB", "AUX")
    )


def _is_claim(ctx: Context, q: Quantity, sentence: Sentence) -> bool:
    """Tells whether the text asserts the quantity: no question, condition, counterfactual, name or mere time."""
    t = ctx.t
    if q.value is None and q.value_low is None and q.value_high is None:
        return False
    if t.text[sentence.end - 1] == "?":
        return False
    if (
        q.value == 1
        and q.dimension in (None, "count")
        and ctx.text[q.number_start or q.start :][:3].lower() == "one"
    ):
        return False  # "one development": a determiner, not a count
    _, _, head, _ = figure_head(ctx, q)
    if q.dimension == "time" and not _is_measured_duration(ctx, q, head):
        return False
    if any(
        x.start <= q.start and q.end <= x.end and x.type in ("DATE", "TIME", "SET")
        for x in ctx.times_in(q.start - 60, q.end)
    ):
        return False
    clause = syntax.clause_head(t, head)
    for i in (clause, t.head[clause]):
        if any(t.rel[c] == "mark" and t.lower[c] in ("if", "unless", "whether") for c in t.children[i]) and (
            i == clause or t.rel[clause] == "conj"
        ):
            return False
    aux = [t.lower[c] for c in syntax.auxiliaries(t, clause)]
    return not ("would" in aux or "could" in aux) or "have" not in aux or t.tag[clause] != "VBN"


def _is_measured_duration(ctx: Context, q: Quantity, head: int) -> bool:
    """Tells a duration that is asserted ("five quarters of negative growth") from one that only says when or how long."""
    t = ctx.t
    inside = [x for x in ctx.times_in(q.start - 60, q.end) if x.start <= q.start and q.end <= x.end]
    if any(x.type != "DURATION" or (x.time_start is not None and x.time_end is not None) for x in inside):
        return False
    rel = t.rel[head]
    if rel in ("obj", "nsubj", "root"):
        return True
    if rel == "xcomp" and any(t.rel[c] == "cop" for c in t.children[head]):
        return True
    return (
        rel in ("obl", "nmod")
        and syntax.case_word(t, head) in ("for", "by", "to", "at")
        and any(t.lower[c] in ("further", "another", "additional", "more") for c in t.children[head])
    )


def _align_series(ctx: Context, sentence: Sentence, figures: list[_Figure], memory: Memory) -> None:
    """Gives coordinated figures their own subjects under "respectively", and "respective figures" those of the row before."""
    t = ctx.t
    text = ctx.text[t.start[sentence.start] : t.end[sentence.end - 1]]
    if not _RESPECTIVE.search(text) or len(figures) < 2:
        return
    series = [f for f in figures if f.quantity.dimension == figures[-1].quantity.dimension]
    if "respectively" not in text.lower():
        if len(memory.series) >= len(series):
            for f, (subject, unit, _) in zip(series, memory.series[-len(series) :], strict=True):
                f.subject = replace(f.subject, text=subject, unit=unit, resolved=True)
        return
    predicate = next((f.subject.predicate for f in series if f.subject.predicate is not None), None)
    while (
        predicate is not None and t.pos[predicate] not in ("VERB", "AUX") and t.head[predicate] != predicate
    ):
        predicate = t.head[predicate]
    who = syntax.subject(t, predicate) if predicate is not None else None
    if who is None:
        return
    members = [who, *(c for c in t.children[who] if t.rel[c] == "conj")]
    if len(members) != len(series):
        return
    tail = _shared_object(ctx, predicate, figures)
    for f, member in zip(series, members, strict=True):
        phrase = [
            i
            for i in syntax.noun_phrase(t, member, clauses=True)
            if not any(i in t.subtree(m) for m in members if m != member and t.head[m] == member)
        ]
        while phrase and t.lower[phrase[0]] in ("both", "and", ","):
            phrase.pop(0)
        while phrase and t.lower[phrase[-1]] in ("and", ","):
            phrase.pop()
        name = syntax.text_of(t, ctx.text, phrase)
        f.subject = replace(f.subject, text=f"{tail} of {name}" if tail else name, resolved=True)


def _shared_object(ctx: Context, predicate: int | None, figures: list[_Figure]) -> str | None:
    """Returns the measure that the coordinated subjects share ("posted positive growth, at …")."""
    if predicate is None:
        return None
    obj = syntax.child(ctx.t, predicate, "obj")
    if obj is None or any(f.first <= obj < f.end for f in figures):
        return None
    return syntax.text_of(
        ctx.t,
        ctx.text,
        [i for i in syntax.noun_phrase(ctx.t, obj) if not any(f.first <= i < f.end for f in figures)],
    )


def _rows(
    ctx: Context,
    sentence: Sentence,
    figures: list[_Figure],
    predictions: Sequence[Prediction],
    running: TimeExpression | None,
    memory: Memory,
) -> list[Claim]:
    rows: list[Claim] = []
    taken: set[int] = set()
    for f in figures:
        f.prediction = _prediction_of(ctx, f, predictions)
        if f.prediction is not None:
            taken.add(id(f.prediction))
    rows.extend(_row(ctx, sentence, f, f.prediction, running, figures, memory) for f in figures)
    rows.extend(
        _row(ctx, sentence, None, p, running, figures, memory) for p in predictions if id(p) not in taken
    )
    rows.sort(key=lambda c: (c.start, c.end))
    return rows


def _prediction_of(ctx: Context, f: _Figure, predictions: Sequence[Prediction]) -> Prediction | None:
    """Returns the prediction whose clause the figure belongs to: no finite clause lies between."""
    t = ctx.t
    best: tuple[int, Prediction] | None = None
    for p in predictions:
        event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
        path = syntax.path_to(t, f.head, event)
        if path is None and t.dep[event] == "acl":
            path = _path_by_noun(ctx, f.head, t.head[event])
        if path is None:
            continue
        if any(
            syntax.is_clause_head(t, i)
            and (syntax.is_finite(t, i) or t.rel[i] in ("conj", "parataxis", "acl"))
            for i in path[:-1]
        ):
            continue
        if best is None or len(path) < best[0]:
            best = (len(path), p)
    return best[1] if best is not None else None


def _path_by_noun(ctx: Context, figure: int, noun: int) -> list[int] | None:
    """Returns the way from a figure to the noun whose infinitive predicts ("$1 billion of the debt to be reinvested")."""
    t = ctx.t
    if figure == noun:
        return [figure]
    return syntax.path_to(t, noun, figure)


def _row(
    ctx: Context,
    sentence: Sentence,
    f: _Figure | None,
    p: Prediction | None,
    running: TimeExpression | None,
    figures: list[_Figure],
    memory: Memory,
) -> Claim:
    t, document = ctx.t, ctx.document
    start, end = _extent(ctx, sentence, f, p)
    anchor = (
        f.quantity.start
        if f is not None
        else (p.event_start if p is not None and p.event_start is not None else start)
    )
    confidence = _confidence(p) if p is not None else _QUANTITY_CONFIDENCE
    subject = f.subject if f is not None else _prediction_subject(ctx, p, sentence, memory)
    if not subject.resolved:
        confidence -= _UNRESOLVED_PENALTY
    time, carried = (None, False)
    time = (
        claim_time(ctx, sentence, f.first, f.end, f.head, [(x.first, x.end) for x in figures])
        if f is not None
        else None
    )
    if time is None and f is not None and p is None and running is not None:
        time, carried = running, True
        confidence -= _CARRIED_PENALTY
    speaker, speaker_text, cue, speaker_type = _speaker(ctx, sentence, anchor, p)
    q = f.quantity if f is not None else None
    unit, unit_text, dimension = _unit(q, subject)
    bound: Bound | None = q.bound if q is not None else None
    change: Change | None = (q.direction or q.change) if q is not None else None
    value, low, high = _values(q)
    deadline: date | None = p.deadline if p is not None else None
    if (
        p is not None
        and deadline is None
        and time is not None
        and time.time_end is not None
        and not carried
        and (document.published is None or time.time_end >= document.published)
    ):
        deadline = time.range_end or time.time_end
    if p is not None and p.time_text and time is None:
        time = next(
            (
                x
                for x in ctx.times_in(t.start[sentence.start], t.end[sentence.end - 1])
                if x.text == p.time_text
            ),
            None,
        )
    predicate = subject.predicate if f is not None else None
    kind = "prediction" if p is not None else "quantitative"
    clause = (
        t.at(p.event_start)
        if p is not None and p.event_start is not None
        else syntax.clause_head(t, t.at(anchor))
    )
    exact = ctx.text[start:end]
    key = "\x1f".join(
        map(
            str,
            (
                document.sha256,
                kind,
                start,
                end,
                anchor,
                q.value if q else None,
                q.value_low if q else None,
                unit,
            ),
        )
    )
    return Claim(
        claim_id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        kind=kind,  # type: ignore[arg-type]
        text=exact,
        subject=subject.text,
        predicate=t.lemma[predicate] if predicate is not None else (p.predicate if p is not None else None),
        bound=bound,
        value=value,
        value_low=low,
        value_high=high,
        unit=unit,
        unit_text=unit_text,
        dimension=dimension,
        change=change,
        time_text=time.text if time is not None else None,
        time_start=time.time_start if time is not None else None,
        time_end=time.time_end if time is not None else None,
        deadline=deadline,
        place=ctx.place(clause),
        speaker=speaker,
        speaker_text=speaker_text,
        cue=cue,
        speaker_type=speaker_type,
        polarity=p.polarity if p is not None else "affirmed",
        modality=p.modality if p is not None else None,
        probability_low=p.probability_low if p is not None else None,
        probability_high=p.probability_high if p is not None else None,
        probability_scale=p.scale if p is not None else None,
        condition=p.condition if p is not None else None,
        confidence=round(max(confidence, 0.05), 2),
        doc_id=document.id,
        title=document.title,
        url=document.url,
        author=document.author,
        published=document.published,
        section=sentence.section.role,
        start=start,
        end=end,
        prefix=ctx.text[max(0, start - CONTEXT_CHARS) : start],
        suffix=ctx.text[end : end + CONTEXT_CHARS],
        rule=_rule(q, p),
    )


def _confidence(p: Prediction) -> float:
    name = (p.rule or "").removeprefix("prediction.").partition("@")[0]
    return _CONFIDENCE.get(name, _CONFIDENCE.get(name.partition(".")[0], 0.7))


def _rule(q: Quantity | None, p: Prediction | None) -> str:
    parts = [f"claims@{VERSION}"]
    if p is not None and p.rule:
        parts.append(p.rule)
    if q is not None and q.rule:
        parts.append(q.rule)
    return " ".join(parts)


def _extent(ctx: Context, sentence: Sentence, f: _Figure | None, p: Prediction | None) -> tuple[int, int]:
    """Returns the offsets of the clause that makes the claim, within its sentence."""
    t = ctx.t
    low, high = t.start[sentence.start], t.end[sentence.end - 1]
    if p is not None:
        start, end = p.start, p.end
    else:
        assert f is not None
        head = syntax.clause_head(t, f.head)
        if (
            t.pos[head] in ("NOUN", "PROPN", "SYM", "NUM")
            and not any(t.rel[c] in ("cop", "nsubj") for c in t.children[head])
            and t.rel[head] in ("acl", "conj", "parataxis")
        ):
            head = syntax.clause_head(t, t.head[head])
        a, b = syntax.clause_tokens(t, head)
        if t.rel[head] in ("acl", "advcl") and not any(t.dep[c] in syntax.SUBJECTS for c in t.children[head]):
            a = min(a, *syntax.noun_phrase(t, t.head[head]))
        while a < b - 1 and (
            t.pos[a] in ("PUNCT", "SPACE", "CCONJ") or (t.lower[a] == "that" and t.rel[a] == "mark")
        ):
            a += 1
        while b - 1 > a and t.pos[b - 1] in ("PUNCT", "SPACE"):
            b -= 1
        start, end = t.start[a], t.end[b - 1]
    if f is not None:
        own = [
            i
            for i in t.subtree(f.head)
            if sentence.start <= i < sentence.end and t.pos[i] not in ("PUNCT", "SPACE")
        ]
        start = min(start, f.quantity.start, *(t.start[i] for i in own[:1]))
        end = max(end, f.quantity.end, *(t.end[i] for i in own[-1:]))
    return max(start, low), min(end, high)


def _prediction_subject(ctx: Context, p: Prediction | None, sentence: Sentence, memory: Memory) -> Subject:
    t = ctx.t
    assert p is not None
    if p.subject_start is None:
        return Subject(memory.topic, None, None, resolved=memory.topic is not None)
    head = t.at(p.subject_start)
    event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
    if t.lower[head] in ("we", "i", "you") or (
        t.lower[head] in ("it", "this") and t.lemma[event] in ctx.nouns.have
    ):
        obj = syntax.child(t, event, "obj")
        if obj is not None and (t.lemma[event] in ctx.nouns.have):
            return finish(ctx, obj, frozenset(), event, memory)
        speaker = _speaker(ctx, sentence, p.start, p)[0] if t.lower[head] != "you" else None
        return Subject(speaker or t.text[head], head, event, resolved=speaker is not None)
    return finish(ctx, head, frozenset(), event, memory)


def _values(q: Quantity | None) -> tuple[float | None, float | None, float | None]:
    """Returns value and range ends in the unit that the table writes."""
    if q is None:
        return None, None, None
    if q.factor is None:
        return q.value, q.value_low, q.value_high
    factor = q.factor
    value, low, high = (None if v is None else v * factor for v in (q.value, q.value_low, q.value_high))
    return value, low, high


def _in_currency(ctx: Context, q: Quantity, currency: str | None) -> Quantity:
    """Returns a large bare number beside a money word as money in the document's currency ("a surplus of 10.8 billion")."""
    if currency is None or q.unit not in (None, "1") or q.dimension not in (None, "count"):
        return q
    value = q.value if q.value is not None else q.value_high
    if value is None or abs(value) < MONEY_FLOOR:
        return q
    t = ctx.t
    first, end = t.range(q.start, q.end)
    a, b = t.sents[t.sent[first]]
    near = range(max(a, first - MONEY_WINDOW), min(b, end + MONEY_WINDOW))
    if any(t.lemma[i] in ctx.nouns.money for i in near):
        return replace(q, unit=currency, dimension="money")
    return q


def _unit(q: Quantity | None, subject: Subject) -> tuple[str | None, str | None, str | None]:
    """Returns unit, unit as written and dimension; a bare number takes over the unit of what it points back to."""
    if q is None:
        return None, None, None
    if q.table_unit is not None:
        return q.table_unit, q.unit_text, q.dimension
    if q.unit is None and q.dimension in (None, "count") and subject.unit:
        return subject.unit, None, "count"
    return q.unit, q.unit_text, q.dimension


def _speaker(
    ctx: Context, sentence: Sentence, offset: int, p: Prediction | None
) -> tuple[str | None, str | None, str | None, str | None]:
    """Returns (name, mention, cue, type) of who asserts what stands at `offset`."""
    author = sentence.section.speaker or (
        ctx.document.author if sentence.section.role in ("title", "body") else None
    )
    a = ctx.attribution_at(offset)
    if a is None and p is not None and p.subject_start is not None:
        a = ctx.attribution_at(p.trigger_start)
    if a is None:
        return author, None, None, "author"
    source = ctx.text[a.source[0][0] : a.source[-1][1]] if a.source else None
    cue = " … ".join(ctx.text[s:e] for s, e in a.cue) or None
    if a.speaker_type == "author":
        return a.speaker or author, source, cue, "author"
    if a.speaker is None or (a.speaker_type is None and source is not None and _is_datum(ctx, a.source)):
        return author, source, cue, "author"
    return a.speaker, source, cue, a.speaker_type


def _is_datum(ctx: Context, spans: tuple[tuple[int, int], ...]) -> bool:
    t = ctx.t
    first, end = t.range(spans[0][0], spans[-1][1])
    return t.lemma[syntax.span_root(t, first, end)] in ctx.nouns.datum


def _running_time(ctx: Context, sentence: Sentence) -> TimeExpression | None:
    """Returns the time that the sentences after this one go on with: the last past date it names."""
    published = ctx.document.published
    out = None
    for x in ctx.times_in(ctx.t.start[sentence.start], ctx.t.end[sentence.end - 1]):
        if (
            x.type == "DATE"
            and x.time_start is not None
            and (published is None or x.time_start <= published)
            and len(x.value) >= 4
            and x.value[:4].isdigit()
        ):
            out = x
    return out


def _remember(ctx: Context, sentence: Sentence, memory: Memory, figures: list[_Figure]) -> None:
    t = ctx.t
    if figures:
        memory.series = tuple(
            (f.subject.text, f.quantity.unit or f.subject.unit, f.quantity.dimension)
            for f in figures
            if f.subject.text
        )
    root = next((i for i in range(sentence.start, sentence.end) if t.rel[i] == "root"), None)
    if root is None:
        return
    who = syntax.subject(t, root)
    if who is None or not sentence.start <= who < sentence.end:
        return
    lower = t.lower[who]
    if lower in ("it", "this", "that", "they", "we", "i", "he", "she", "which", "who", "there", "you") or (
        t.lemma[who] in ctx.nouns.anaphor
        and not any(t.rel[c] in ("nmod", "acl", "compound") for c in t.children[who])
    ):
        return
    phrase = syntax.noun_phrase(t, who, clauses=False)
    text = syntax.text_of(t, ctx.text, phrase)
    counted = next(
        (c for c in t.children[who] if t.rel[c] == "nmod" and syntax.case_word(t, c) == "of"), None
    )
    if t.lemma[who] in ctx.nouns.measure and counted is not None:
        memory.topic_unit = t.lemma[counted]
        verb = t.head[who]
        if t.tag[root] == "VBG" or t.tag[verb] == "VBG":
            core = syntax.text_of(
                t,
                ctx.text,
                syntax.noun_phrase(
                    t, counted, drop=frozenset(c for c in t.children[counted] if t.rel[c] == "case")
                ),
            )
            tail = [
                i
                for i in range(root + 1, sentence.end)
                if any(
                    i in t.subtree(c)
                    for c in t.children[root]
                    if t.rel[c] == "obl" and not _covers_time(ctx, c)
                )
            ]
            adverbs = [c for c in t.children[root] if t.rel[c] == "advmod" and who < c < root]
            text = " ".join(
                x for x in (core, syntax.text_of(t, ctx.text, [*adverbs, root, *tail], determiner=True)) if x
            )
    else:
        memory.topic_unit = t.lemma[who] if t.pos[who] == "NOUN" and t.tag[who] == "NNS" else None
    if text:
        memory.topic = text


def _covers_time(ctx: Context, i: int) -> bool:
    return any(x.start <= ctx.t.start[i] < x.end for x in ctx.times_in(ctx.t.start[i] - 40, ctx.t.end[i]))


def _unique(claims: list[Claim]) -> list[Claim]:
    seen: set[str] = set()
    out = []
    for claim in claims:
        if claim.claim_id not in seen:
            seen.add(claim.claim_id)
            out.append(claim)
    return out


@Language.factory(
    "claimtable_claims",
    assigns=["doc._.claimtable_claims", "doc.spans"],
    requires=[
        "doc._.claimtable_quantities",
        "doc._.claimtable_times",
        "doc._.claimtable_actor_mentions",
        "doc._.claimtable_attributions",
        "doc._.claimtable_predictions",
    ],
)
def make_claims(nlp: Language, name: str) -> Claims:
    """Creates the component."""
    extensions.register()
    return Claims()
