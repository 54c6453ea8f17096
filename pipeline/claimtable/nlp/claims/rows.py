"""Rows: a figure, a prediction, or a prediction with its figure, with time, place, speaker and provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claimtable.nlp import polarity, syntax
from claimtable.nlp.claims.confidence import confidence
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.figures import Figure, table_unit, table_values
from claimtable.nlp.claims.movement import movement
from claimtable.nlp.claims.subjects import Memory, Subject, finish, from_topic
from claimtable.nlp.claims.times import claim_time
from claimtable.nlp.mentions import canonical_speaker
from claimtable.schema import (
    CONTEXT_CHARS,
    Attribution,
    Bound,
    Change,
    Claim,
    Prediction,
    Quantity,
    TimeExpression,
)

VERSION = "1"
_BY_A_VERB = frozenset(["report", "outlook", "chance", "pledge"])
"""Rules of predictions whose verb has the one who predicts for its subject."""


def make_rows(
    ctx: Context,
    sentence: Sentence,
    figures: list[Figure],
    predictions: Sequence[Prediction],
    running: TimeExpression | None,
    memory: Memory,
) -> list[Claim]:
    """Returns the rows of a sentence in text order: one for each figure, and one for each prediction that holds none.

    Args:
        ctx: the document.
        sentence: the sentence.
        figures: its figures that are claims; each is given the prediction that it belongs to.
        predictions: its predictions.
        running: the time that earlier sentences go on with, for figures whose sentence names none.
        memory: what earlier sentences were about.
    """
    rows: list[Claim] = []
    taken: set[int] = set()
    before: Prediction | None = None
    chances = {id(f): p for f in figures for p in predictions if _is_chance(f, p)}
    change: Change | None = None
    for f in figures:
        change = f.change = (
            None if f.cell else movement(ctx, f.place, goes_on=f.subject.goes_on, before=change)
        )
        f.prediction = (
            chances.get(id(f))
            or _prediction_of(ctx, f, predictions)
            or (before if f.subject.goes_on else None)
        )
        if f.prediction is not None and _is_past_base(ctx, sentence, f, figures):
            f.prediction = None
        if f.prediction is not None:
            taken.add(id(f.prediction))
        before = f.prediction
    valued = {id(f.prediction) for f in figures if id(f) not in chances}
    rows.extend(
        _row(ctx, sentence, f, f.prediction, running, figures, memory)
        for f in figures
        if id(f) not in chances or id(f.prediction) not in valued
    )
    rows.extend(
        _row(ctx, sentence, None, p, running, figures, memory) for p in predictions if id(p) not in taken
    )
    rows.sort(key=lambda c: (c.start, c.end))
    return rows


def _is_chance(f: Figure, p: Prediction) -> bool:
    """Tells whether the figure says how probable the prediction is: "a 60 percent chance that inflation will exceed 3 percent"."""
    return p.chance_start == f.quantity.start


def _prediction_of(ctx: Context, f: Figure, predictions: Sequence[Prediction]) -> Prediction | None:
    """Returns the prediction whose clause the figure belongs to: no finite clause lies between."""
    t = ctx.t
    best: tuple[int, Prediction] | None = None
    for p in predictions:
        event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
        path = syntax.path_to(t, f.place.head, event)
        if path is None and t.dep[event] == "acl":
            path = _path_by_noun(ctx, f.place.head, t.head[event])
        if (
            path is None
            and p.subject_start is not None
            and not _is_told_of(ctx, event, t.at(p.subject_start))
        ):
            path = syntax.path_to(t, f.place.head, t.at(p.subject_start))
        if path is None:
            continue
        if any(_is_own_clause(ctx, i) for i in path[:-1]):
            continue
        if best is None or len(path) < best[0]:
            second = next((i for i in path[:-1] if _shares_modal(ctx, i)), None)
            best = (len(path), p if second is None else _of_second(ctx, p, second))
    return best[1] if best is not None else None


def _is_told_of(ctx: Context, event: int, subject: int) -> bool:
    """Tells whether a relative clause foretells something of a noun: "is debating a $900 billion bill that will cut taxes"."""
    clause = syntax.clause_head(ctx.t, event)
    return ctx.t.dep[clause] == "acl:relcl" and ctx.t.head[clause] == subject


def _is_past_base(ctx: Context, sentence: Sentence, f: Figure, figures: list[Figure]) -> bool:
    """Tells whether a figure is what a prediction sets out from, and past: "to $310 million, compared with $402 million last year"."""
    if f.place.first <= sentence.start or not ctx.is_base(f.place.first):
        return False
    time, published = _time_of(ctx, sentence, f, figures), ctx.document.published
    return (
        time is not None and time.time_end is not None and published is not None and time.time_end < published
    )


def _time_of(ctx: Context, sentence: Sentence, f: Figure, figures: list[Figure]) -> TimeExpression | None:
    if f.cell is not None:
        return f.cell.time
    place = f.place
    others = [(x.place.first, x.place.end) for x in figures]
    return claim_time(ctx, sentence, place.first, place.end, place.head, others)


def _is_own_clause(ctx: Context, i: int) -> bool:
    """Tells whether `i` heads a clause that asserts something of its own; participles and infinitives do not."""
    t = ctx.t
    return syntax.is_clause_head(t, i) and (
        syntax.is_finite(t, i)
        or t.rel[i] == "parataxis"
        or (t.rel[i] == "conj" and not syntax.has_to(t, i) and not _shares_modal(ctx, i))
        or t.dep[i] == "acl:relcl"
    )


def _shares_modal(ctx: Context, i: int) -> bool:
    """Tells a second bare infinitive under one modal: "the levy will double and bring in 280 million"."""
    t = ctx.t
    return (
        t.rel[i] == "conj"
        and t.tag[i] == "VB"
        and not syntax.has_to(t, i)
        and syntax.subject(t, t.head[i]) is not None
        and not any(t.dep[c] in syntax.SUBJECTS or t.rel[c] == "aux" for c in t.children[i])
        and any(t.tag[c] == "MD" for c in t.children[t.head[i]])
    )


def _of_second(ctx: Context, p: Prediction, verb: int) -> Prediction:
    """Returns the prediction of the second infinitive, at the token `verb`, under the modal of `p`; a deadline is its own clause's."""
    t = ctx.t
    first, end = ctx.clause(verb)
    while end - 1 > first and t.pos[end - 1] in ("PUNCT", "SPACE"):
        end -= 1
    return replace(
        p,
        start=t.start[first],
        end=t.end[end - 1],
        text=ctx.text[t.start[first] : t.end[end - 1]],
        event_start=t.start[verb],
        predicate=t.lemma[verb],
        deadline=None,
        time_text=None,
    )


def _path_by_noun(ctx: Context, figure: int, noun: int) -> list[int] | None:
    """Returns the way from a figure to the noun whose infinitive predicts ("$1 billion of the debt to be reinvested")."""
    t = ctx.t
    if figure == noun:
        return [figure]
    return syntax.path_to(t, noun, figure)


def _row(
    ctx: Context,
    sentence: Sentence,
    f: Figure | None,
    p: Prediction | None,
    running: TimeExpression | None,
    figures: list[Figure],
    memory: Memory,
) -> Claim:
    t, document = ctx.t, ctx.document
    start, end = _extent(ctx, sentence, f, p)
    anchor = (
        f.quantity.start
        if f is not None
        else (p.event_start if p is not None and p.event_start is not None else start)
    )
    subject = (
        f.subject
        if f is not None and (p is None or f.subject.text is not None)
        else _prediction_subject(ctx, p, sentence, memory)
    )
    if f is not None and p is not None:
        subject = _holder(ctx, f, p, memory) or subject
    time = _time_of(ctx, sentence, f, figures) if f is not None else None
    if time is None and f is not None and f.cell is None and p is None:
        time = running
    denials = _denials(ctx, f, p)
    speaker, speaker_text, cue, speaker_type = _speaker(ctx, sentence, anchor, p, denials[1])
    q = f.quantity if f is not None else None
    unit, unit_text, dimension = table_unit(q, subject)
    bound: Bound | None = q.bound if q is not None else None
    change = f.change if f is not None else None
    value, low, high = table_values(q)
    deadline: date | None = p.deadline if p is not None else None
    if (
        p is not None
        and deadline is None
        and time is not None
        and time.time_end is not None
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
    rule = _rule(q, p)
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
                ctx.sha256,
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
        # Of a noun that is all punctuation ("=") nothing is left, which is no subject.
        subject=subject.text or None,
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
        polarity="negated" if sum(map(len, denials)) % 2 else "affirmed",
        modality=p.modality if p is not None else None,
        probability_low=p.probability_low if p is not None else None,
        probability_high=p.probability_high if p is not None else None,
        probability_scale=p.scale if p is not None else None,
        condition=p.condition if p is not None else None,
        confidence=confidence(rule, resolved=subject.resolved),
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
        rule=rule,
    )


def _denials(ctx: Context, f: Figure | None, p: Prediction | None) -> tuple[Sequence[int], Sequence[int]]:
    """Returns the tokens that deny the row inside its clause, and those that deny it from above."""
    t = ctx.t
    if p is not None:
        event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
        above = polarity.from_above(t, syntax.clause_head(t, event))
        return ([event] if (p.polarity == "negated") != bool(len(above) % 2) else []), above
    assert f is not None
    if f.cell is not None:
        return (), ()
    return polarity.of_figure(t, f.place.head, f.place.first, lasts=f.quantity.dimension == "time")


def _rule(q: Quantity | None, p: Prediction | None) -> str:
    parts = [f"claims@{VERSION}"]
    if p is not None and p.rule:
        parts.append(p.rule)
    if q is not None and q.rule:
        parts.append(q.rule)
    return " ".join(parts)


def _extent(ctx: Context, sentence: Sentence, f: Figure | None, p: Prediction | None) -> tuple[int, int]:
    """Returns the offsets of the clause that makes the claim, within its sentence."""
    if f is not None and f.cell is not None:
        return f.cell.extent
    t = ctx.t
    low, high = t.start[sentence.start], t.end[sentence.end - 1]
    if p is not None:
        start, end = p.start, p.end
    else:
        assert f is not None
        head = syntax.clause_head(t, f.place.head)
        if (
            t.pos[head] in ("NOUN", "PROPN", "SYM", "NUM")
            and not any(t.rel[c] in ("cop", "nsubj") for c in t.children[head])
            and t.rel[head] in ("acl", "conj", "parataxis")
        ):
            head = syntax.clause_head(t, t.head[head])
        a, b = ctx.clause(head)
        if t.rel[head] in ("acl", "advcl") and not any(t.dep[c] in syntax.SUBJECTS for c in t.children[head]):
            a = min(a, *syntax.noun_phrase(t, t.head[head]))
        a = syntax.without_opening(t, a, b - 1)
        while b - 1 > a and t.pos[b - 1] in ("PUNCT", "SPACE"):
            b -= 1
        start, end = t.start[a], t.end[b - 1]
    if f is not None:
        own = [
            i
            for i in t.subtree(f.place.head)
            if sentence.start <= i < sentence.end and t.pos[i] not in ("PUNCT", "SPACE")
        ]
        start = min(start, f.quantity.start, *(t.start[i] for i in own[:1]))
        end = max(end, f.quantity.end, *(t.end[i] for i in own[-1:]))
    return max(start, low), min(end, high)


def _holder(ctx: Context, f: Figure, p: Prediction, memory: Memory) -> Subject | None:
    """Returns the subject of a prediction that holds a figure of things in an "of"-phrase: "a fleet of 40,000 cars could replace …"."""
    t = ctx.t
    if p.subject_start is None or not f.place.counted:
        return None
    head = t.at(p.subject_start)
    if (
        t.head[f.place.head] != head
        or t.rel[f.place.head] != "nmod"
        or syntax.case_word(t, f.place.head) not in ("of", "with")
        or t.pos[head] != "NOUN"
        or t.lemma[head] in ctx.nouns.measure | ctx.nouns.mean | ctx.nouns.anaphor
    ):
        return None
    return finish(ctx, head, f.place.number_tokens(t), f.subject.predicate, memory)


def _prediction_subject(ctx: Context, p: Prediction | None, sentence: Sentence, memory: Memory) -> Subject:
    t = ctx.t
    assert p is not None
    if p.subject_start is None:
        return from_topic(memory.topic, None)
    head = t.at(p.subject_start)
    event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
    first_person = t.lower[head] in ("we", "i", "you")
    if first_person or (t.lower[head] in ("it", "this") and t.lemma[event] in ctx.nouns.have):
        obj = syntax.child(t, event, "obj")
        obj = _seen(ctx, event) if obj is None else obj
        of_object = t.lemma[event] in ctx.nouns.have or (
            t.lower[head] == "we" and t.pos[obj or head] == "NOUN"
        )
        if obj is not None and of_object and not ctx.is_time(obj):
            return finish(ctx, obj, frozenset(), event, memory)
    if first_person:
        speaker = _speaker(ctx, sentence, p.start, p)[0] if t.lower[head] != "you" else None
        return Subject(speaker or t.text[head], head, event, resolved=speaker is not None)
    if ctx.is_time(head):  # "a drought in spring, which would hit wheat"
        things = (i for i in t.ancestors(head) if t.pos[i] in ("NOUN", "PROPN"))
        head = next(things, head) if t.rel[head] in ("nmod", "obl") else head
    # "a module set to be launched", which parsers also take for an adjective
    told = (c for c in t.children[head] if t.rel[c] == "acl" or (t.rel[c] == "amod" and c > head))
    drop = {i for c in told if (inside := t.subtree(c)) and inside[0] <= event <= inside[-1] for i in inside}
    return finish(ctx, head, drop, event, memory)


def _predictor(
    ctx: Context, p: Prediction | None
) -> tuple[str | None, str | None, str | None, str | None] | None:
    """Returns (name, mention, cue, type) of who makes a prediction by its own verb: "*analysts* put the chance at 40 percent".

    None where the verb has no such subject, or the subject is what the prediction is about ("the bill has no chance").
    """
    t = ctx.t
    if p is None or (p.rule or "").removeprefix("prediction.").partition(".")[0] not in _BY_A_VERB:
        return None
    verb = t.at(p.trigger_start)
    while verb > 0 and t.pos[verb] != "VERB" and t.rel[verb] in ("obj", "nummod", "compound", "det", "amod"):
        verb = t.head[verb]
    who = syntax.child(t, verb, "nsubj")
    if t.pos[verb] != "VERB" or who is None or t.pos[who] not in ("NOUN", "PROPN", "PRON"):
        return None
    if t.start[who] == p.subject_start or any(t.lower[c] == "no" for c in t.children[who]):
        return None
    phrase = syntax.noun_phrase(t, who)
    named = syntax.child(t, who, "appos")  # "its director, Paulo Reis, expects"
    last = phrase[-1] if named is None else max(phrase[-1], *syntax.noun_phrase(t, named))
    start, end = t.start[phrase[0]], t.end[last]
    name, kind = canonical_speaker(ctx.doc, start, end)
    return (name, ctx.text[start:end], t.text[verb], kind) if name is not None and kind is not None else None


def _seen(ctx: Context, verb: int) -> int | None:
    """Returns what is seen to do something, where the parse makes it the subject of that: "we will see the minister travel"."""
    t = ctx.t
    clause = syntax.child(t, verb, "ccomp")
    if clause is None or t.tag[clause] not in ("VB", "VBG") or syntax.is_finite(t, clause):
        return None
    return syntax.child(t, clause, *syntax.SUBJECTS)


def _speaker(
    ctx: Context, sentence: Sentence, offset: int, p: Prediction | None, denials: Sequence[int] = ()
) -> tuple[str | None, str | None, str | None, str | None]:
    """Returns (name, mention, cue, type) of who asserts what stands at `offset`, or denies it by the last of `denials`."""
    author = sentence.section.speaker or (
        ctx.document.author if sentence.section.role in ("title", "body") else None
    )
    a = ctx.attribution_at(offset) if not denials else _denial_by(ctx, denials[-1])
    if a is None and p is not None and p.subject_start is not None:
        a = ctx.attribution_at(p.trigger_start)
    if a is None:
        return _predictor(ctx, p) or (author, None, None, "author")
    source = ctx.text[a.source[0][0] : a.source[-1][1]] if a.source else None
    cue = " … ".join(ctx.text[s:e] for s, e in a.cue) or None
    if a.speaker_type == "author":
        return a.speaker or author, source, cue, "author"
    if a.speaker is None or (a.speaker_type is None and source is not None and _is_datum(ctx, a.source)):
        return author, source, cue, "author"
    if a.speaker_type is None and _is_bare_figure(ctx, a.content):
        return author, None, None, "author"
    return a.speaker, source, cue, a.speaker_type


def _denial_by(ctx: Context, denial: int) -> Attribution | None:
    """Returns the attribution whose cue is the token that denies, else the one that holds it."""
    offset = ctx.t.start[denial]
    own = (a for a in ctx.attributions if a.source and any(s <= offset < e for s, e in a.cue))
    return next(own, None) or ctx.attribution_at(offset)


def _is_bare_figure(ctx: Context, spans: tuple[tuple[int, int], ...]) -> bool:
    """Tells a content that says nothing: of "consumption declined 1.1 percent" the figure alone."""
    t = ctx.t
    inside = (i for start, end in spans for i in range(*t.range(start, end)))
    return all(t.pos[i] in ("NUM", "SYM", "PUNCT", "ADV") or i in ctx.measured for i in inside)


def _is_datum(ctx: Context, spans: tuple[tuple[int, int], ...]) -> bool:
    t = ctx.t
    first, end = t.range(spans[0][0], spans[-1][1])
    return t.lemma[syntax.span_root(t, first, end)] in ctx.nouns.datum
