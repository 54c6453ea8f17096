"""Rows: a figure, a prediction, or a prediction with its figure, with time, place, speaker and provenance."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from claimtable.nlp import polarity, syntax
from claimtable.nlp.claims.confidence import Evidence, confidence, values
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.extents import extent_of
from claimtable.nlp.claims.figures import Figure, table_unit, table_values
from claimtable.nlp.claims.foretold import is_chance, kind_line, kind_of_row, subject_of
from claimtable.nlp.claims.places import place_of_claim
from claimtable.nlp.claims.speakers import Spoken, first_person, speaker_of
from claimtable.nlp.claims.subjects import Memory, Subject
from claimtable.nlp.claims.tables import shifted
from claimtable.nlp.claims.times import Timed, claim_time
from claimtable.nlp.lines import Candidate, choose, note_row, rule_text
from claimtable.schema import CONTEXT_CHARS, Change, Claim, Prediction, TimeExpression, new_claim_id

_ENDS = frozenset([".", "!", "?", '"', "”", ")", ";", ":"])
"""What a finished sentence ends with."""
_FIRST_PERSON = frozenset(["i", "we", "me", "us"])
_POINTING = frozenset(
    [
        "it",
        "this",
        "that",
        "they",
        "them",
        "these",
        "those",
        "he",
        "she",
        "him",
        "her",
        "you",
        "which",
        "who",
        "there",
    ]
)
"""Pronouns that are no subject where nothing says what they stand for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rows of a sentence share."""

    ctx: Context
    sentence: Sentence
    figures: Sequence[Figure]
    """Its figures that are claims."""
    running: Timed | None
    """What the text goes on with, or a head declares, for figures whose sentence names no time."""
    framed: Timed | None
    """What list, page or report declare, for the cells of tables that name no time."""
    memory: Memory
    """What earlier sentences were about."""


@dataclass(frozen=True, slots=True)
class _When:
    """Time and deadline of a row, each with the line that chose it."""

    time: TimeExpression | None
    line: str | None
    deadline: date | None
    deadline_line: str | None


def make_rows(scope: Scope, predictions: Sequence[Prediction]) -> list[Claim]:
    """Return the rows of a sentence in text order: one for each figure, and one for each prediction that holds none.

    Args:
        scope: the sentence with its figures; each is given the prediction that it belongs to. How probable a prediction
            is, "a 70 percent chance", is no value of it.
        predictions: its predictions.
    """
    chances = {id(f) for f in scope.figures for p in predictions if is_chance(f, p) and _is_before(scope, f)}
    _join(scope, predictions)
    valued = [f for f in scope.figures if id(f) not in chances]
    taken = {id(f.prediction) for f in valued if f.prediction is not None}
    rows = [_row(scope, f, f.prediction) for f in valued]
    rows.extend(_row(scope, None, p) for p in predictions if id(p) not in taken and not _is_figure(scope, p))
    rows.sort(key=lambda c: (c.start, c.end))
    return rows


def _is_figure(scope: Scope, p: Prediction) -> bool:
    """Return whether what is foretold is a bare number or year: "projected 1997/98 stocks"."""
    ctx = scope.ctx
    return p.event_start is not None and ctx.t.text[ctx.t.at(p.event_start)][:1].isdigit()


def _is_before(scope: Scope, f: Figure) -> bool:
    """Return whether a figure stands before its noun: "a 70 percent chance", not "puts the chance at 40 percent"."""
    return scope.ctx.t.rel[f.place.head] in ("nummod", "compound", "amod")


def _join(scope: Scope, predictions: Sequence[Prediction]) -> None:
    """Give each figure its direction, and the prediction that it belongs to."""
    before: Prediction | None = None
    change: Change | None = None
    for f in scope.figures:
        going_on = change if f.subject.goes_on else None  # "fell by 5 percent in May and 3 percent in June"
        change = f.change = None if f.cell else f.place.quantity.direction or going_on
        before = f.prediction = kind_of_row(
            scope.ctx, f, predictions, before=before, is_past_base=functools.partial(_is_past_base, scope, f)
        )


def _is_past_base(scope: Scope, f: Figure) -> bool:
    """Return whether a figure is what a prediction sets out from, and past: "to $310 million, compared with $402 million last year"."""
    if f.place.first <= scope.sentence.start or not scope.ctx.is_base(f.place.first):
        return False
    found, published = _time_of(scope, f), scope.ctx.document.published
    end = found.time.time_end if found is not None else None
    return end is not None and published is not None and end < published


def _time_of(scope: Scope, f: Figure) -> Timed | None:
    if f.cell is not None:
        return Timed(f.time, "frame.table") if f.time is not None else None
    place = f.place
    others = [(x.place.first, x.place.end) for x in scope.figures]
    return claim_time(scope.ctx, scope.sentence, place.first, place.end, place.head, others)


def _when(scope: Scope, f: Figure | None, p: Prediction | None) -> _When:
    """Return when a row holds: the figure's time, else what the text goes on with, else the time that the prediction names."""
    found = _time_of(scope, f) if f is not None else None
    time, line = (found.time, found.line) if found is not None else (None, None)
    if p is None:
        lent = _lent(scope, f) if time is None and f is not None else None
        if lent is not None:
            time, line = lent.time, lent.line
        return _When(time, line, None, None)
    due = choose(list(_deadlines(scope, p, time)), cell="deadline", at=_anchor(f, p))
    if time is None and p.time_text:
        t, sentence = scope.ctx.t, scope.sentence
        times = scope.ctx.times_in(t.start[sentence.start], t.end[sentence.end - 1])
        time = next((x for x in times if x.text == p.time_text), None)
        line = "prediction" if time is not None else None
    deadline, deadline_line = (due.winner.value, due.winner.line) if due is not None else (None, None)
    return _When(time, line, deadline, deadline_line)


def _lent(scope: Scope, f: Figure) -> Timed | None:
    """Return the time that what stands around lends a figure; one that another is set against takes none."""
    if f.cell is None:
        compared = scope.ctx.is_base(f.place.first) and scope.ctx.t.lower[f.place.first - 1] != "from"
        return None if compared else scope.running
    time = shifted(scope.framed.time, f.cell.shift) if scope.framed is not None else None
    return replace(scope.framed, time=time) if scope.framed is not None and time is not None else None


def _deadlines(scope: Scope, p: Prediction, time: TimeExpression | None) -> Iterator[Candidate[date]]:
    """Yield the deadline of the prediction itself, and the end of the row's time where that is not past."""
    if p.deadline is not None:
        yield Candidate("prediction", 1.0, p.deadline)
    published = scope.ctx.document.published
    end = time.time_end if time is not None else None
    if time is not None and end is not None and (published is None or end >= published):
        yield Candidate("time", 0.0, time.range_end or end)


def _anchor(f: Figure | None, p: Prediction | None) -> int:
    """Return the offset that the choices of a row are kept by: where its figure starts, else its event."""
    if f is not None:
        return f.quantity.start
    assert p is not None
    return p.start if p.event_start is None else p.event_start


def _row(scope: Scope, f: Figure | None, p: Prediction | None) -> Claim:
    ctx, document = scope.ctx, scope.ctx.document
    start, end = extent_of(ctx, scope.sentence, f, p)
    event = p.event_start if p is not None else None
    anchor = _anchor(f, p)
    when = _when(scope, f, p)
    denials = _denials(ctx, f, p)
    spoken = speaker_of(ctx, scope.sentence, anchor, p, denials[1])
    subject = _named(scope, _subject(scope, f, p), anchor)
    q = f.quantity if f is not None else None
    unit, unit_text, dimension = table_unit(q, subject)
    value, low, high = table_values(q)
    cells = _lines(f, p, subject, when, spoken)
    rule = rule_text(cells, ctx.tag)
    kind = "prediction" if p is not None else "quantitative"
    clause = syntax.clause_head(ctx.t, ctx.t.at(anchor)) if event is None else ctx.t.at(event)
    claim_id = new_claim_id(
        *(ctx.sha256, kind, start, end, anchor),
        *(q.value if q else None, q.value_low if q else None, unit),
    )
    evidence = dict(values(_evidence(scope, cells, subject, f, ctx.text[start:end])))
    note_row(claim_id, anchor, evidence)
    return Claim(
        claim_id=claim_id,
        kind=kind,  # type: ignore[arg-type]
        text=ctx.text[start:end],
        # Of a noun that is all punctuation ("=") nothing is left, which is no subject.
        subject=subject.text or None,
        subject_id=ctx.actor_names.in_phrase(subject.text),
        predicate=_predicate(ctx, f, p, subject),
        bound=q.bound if q is not None else None,
        value=value,
        value_low=low,
        value_high=high,
        unit=unit,
        unit_text=unit_text,
        dimension=dimension,
        change=f.change if f is not None else None,
        time_text=when.time.text if when.time is not None else None,
        time_start=when.time.time_start if when.time is not None else None,
        time_end=when.time.time_end if when.time is not None else None,
        deadline=when.deadline,
        place=place_of_claim(ctx, clause, anchor, subject.text, f.cell if f is not None else None),
        speaker=spoken.name,
        speaker_id=ctx.actor_names.of_name(spoken.name),
        speaker_text=spoken.text,
        cue=spoken.cue,
        speaker_type=spoken.type,
        polarity="negated" if sum(map(len, denials)) % 2 else "affirmed",
        modality=p.modality if p is not None else None,
        probability_low=p.probability_low if p is not None else None,
        probability_high=p.probability_high if p is not None else None,
        probability_scale=p.scale if p is not None else None,
        condition=p.condition if p is not None else None,
        confidence=confidence(evidence, ctx.weights.confidence),
        doc_id=document.id,
        title=document.title,
        url=document.url,
        author=document.author,
        published=document.published,
        section=scope.sentence.section.role,
        page=document.page_at(start),
        start=start,
        end=end,
        prefix=ctx.text[max(0, start - CONTEXT_CHARS) : start],
        suffix=ctx.text[end : end + CONTEXT_CHARS],
        rule=rule,
    )


def _denials(ctx: Context, f: Figure | None, p: Prediction | None) -> tuple[Sequence[int], Sequence[int]]:
    """Return the tokens that deny the row inside its clause, and those that deny it from above."""
    t = ctx.t
    if p is not None:
        event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
        above = polarity.from_above(t, syntax.clause_head(t, event))
        return ([event] if (p.polarity == "negated") != bool(len(above) % 2) else []), above
    assert f is not None
    if f.cell is not None:
        return (), ()
    return polarity.of_figure(t, f.place.head, f.place.first, lasts=f.quantity.dimension == "time")


def _subject(scope: Scope, f: Figure | None, p: Prediction | None) -> Subject:
    if p is not None:
        return subject_of(scope.ctx, f, p, scope.sentence, scope.memory)
    assert f is not None
    return f.subject


def _named(scope: Scope, subject: Subject, anchor: int) -> Subject:
    """Return the subject with whoever speaks in the place of "I" and "we"; any other bare pronoun names nothing."""
    word = (subject.text or "").lower()
    if word in _FIRST_PERSON:
        name = first_person(scope.ctx, scope.sentence, anchor)
        return replace(subject, text=name, resolved=name is not None, line=f"{subject.line}+speaker")
    return replace(subject, text=None, resolved=False) if word in _POINTING else subject


def _predicate(ctx: Context, f: Figure | None, p: Prediction | None, subject: Subject) -> str | None:
    if f is not None and subject.predicate is not None:
        return ctx.t.lemma[subject.predicate]
    return p.predicate if p is not None else None


def _lines(
    f: Figure | None, p: Prediction | None, subject: Subject, when: _When, spoken: Spoken
) -> dict[str, str | None]:
    """Return the id of the line that chose each cell."""
    figure = None if f is None else (f.quantity.rule or "quantity").replace("quantity.", "")
    return {
        "figure": figure if f is None or f.cell is None else f"{figure}+cell",
        "subject": subject.line,
        "time": when.line,
        "speaker": spoken.line,
        "kind": kind_line(p),
        "deadline": when.deadline_line,
    }


def _evidence(
    scope: Scope, cells: Mapping[str, str | None], subject: Subject, f: Figure | None, said: str
) -> Evidence:
    """Return what speaks for a row and against it."""
    ctx, sentence = scope.ctx, scope.sentence
    q = f.quantity if f is not None else None
    return Evidence(
        cells=cells,
        resolved=subject.resolved,
        named=bool(subject.text),
        margin=subject.margin,
        figures=len(scope.figures),
        tokens=sentence.end - sentence.start,
        section=sentence.section.role,
        dated=ctx.document.published is not None,
        byline=(sentence.section.speaker or ctx.document.author) is not None,
        finished=ctx.t.text[sentence.end - 1] in _ENDS,
        lines=ctx.short_lines,
        subject=subject.text or "",
        said=said,
        measure="none" if q is None else "bare" if q.unit is None else q.dimension or "other",
        bounded=q is not None and (q.bound != "=" or q.value is None),
        changing=f is not None and f.change is not None,
        density=len(ctx.quantities) / max(1, ctx.t.n),
        agreeing=subject.agreeing,
        rivals=len(subject.others),
    )
