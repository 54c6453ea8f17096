"""Predictions in the table: which figures belong to one, and what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.figures import Figure
from claimtable.nlp.claims.speakers import first_person
from claimtable.nlp.claims.subjects import Memory, Subject, finish, from_topic
from claimtable.nlp.lines import Candidate, choose
from claimtable.schema import Prediction

_SITUATION = frozenset(["this", "that"])
"""Pronouns that mostly stand for all that was said before, and for no thing."""
_LEADS = frozenset([("lead", "to"), ("result", "in"), ("contribute", "to"), ("amount", "to")])
"""Verbs with the preposition of what they bring about."""
MAX_DEEP = 3
"""Verbs under one another among which what is brought about is looked for: "will make sure that wages rise" (set by hand)."""
_SPEAKERS = frozenset(["we", "i", "you"])


def is_chance(f: Figure, p: Prediction) -> bool:
    """Return whether the figure says how probable the prediction is: "a 60 percent chance that inflation will exceed 3 percent"."""
    return p.chance_start == f.quantity.start


Kind = Candidate[Prediction | None]
"""What proposes that a figure belongs to a prediction, or to none."""

QUANTITATIVE = "quantitative"
_CHANCE, _PAST_BASE, _GOES_ON, _NONE = 100.0, 200.0, -50.0, -100.0
"""Weights: a figure that states a chance is of its prediction; one that it sets out from is of none; then the shortest way in the tree
wins, then the prediction of the figure that this one goes on, then none."""


def kind_of_row(
    ctx: Context,
    f: Figure,
    predictions: Sequence[Prediction],
    *,
    before: Prediction | None,
    is_past_base: Callable[[], bool],
) -> Prediction | None:
    """Return the prediction that a figure belongs to, None where it only says how much something is.

    Args:
        ctx: the document.
        f: the figure.
        predictions: those of its sentence.
        before: the prediction of the figure before, which a series goes on.
        is_past_base: says whether the figure is what a prediction sets out from; asked only where there is one.
    """
    proposed: list[Kind] = [
        Candidate(kind_line(p), _CHANCE, p, (("states its chance", 0.0),))
        for p in predictions
        if is_chance(f, p)
    ]
    proposed.extend(_over(ctx, f, predictions))
    if before is not None and f.subject.goes_on:
        proposed.append(Candidate(kind_line(before), _GOES_ON, before, (("series", 0.0),)))
    if proposed and is_past_base():
        proposed.append(Candidate("past-base", _PAST_BASE, None))
    proposed.append(Candidate(QUANTITATIVE, _NONE, None))
    choice = choose(proposed, cell="kind", at=f.quantity.start)
    return choice.winner.value if choice is not None else None


def kind_line(p: Prediction | None) -> str:
    """Return the id of the line that makes a row a prediction; `quantitative` for none."""
    if p is None:
        return QUANTITATIVE
    return (p.rule or "prediction").removeprefix("prediction.").partition("@")[0]


def _is_known_whole(ctx: Context, f: Figure) -> bool:
    """Return whether a figure is a known whole of which another is a part: "$1 billion of the $11 billion debt to be spent"."""
    t, first = ctx.t, f.place.first
    return first > 2 and t.lower[first - 2 : first] == ["of", "the"] and first - 3 in ctx.measured


def _over(ctx: Context, f: Figure, predictions: Sequence[Prediction]) -> Iterator[Kind]:
    """Yield the predictions whose clause the figure belongs to, no finite clause between: the shorter the way, the better."""
    for p in () if _is_known_whole(ctx, f) else predictions:
        path = _path(ctx, f.place.head, p)
        if path is None or any(_is_own_clause(ctx, i) for i in path[:-1]):
            continue
        second = next((i for i in path[:-1] if _shares_modal(ctx, i)), None)
        value = p if second is None else _of_second(ctx, p, second)
        yield Candidate(kind_line(p), 0.0, value, (("steps in the tree", -float(len(path))),))


def _path(ctx: Context, head: int, p: Prediction) -> list[int] | None:
    """Return the way from a figure up to the event of a prediction, or to its subject."""
    t = ctx.t
    event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
    path = syntax.path_to(t, head, event)
    if path is None and t.dep[event] == "acl":
        path = _path_by_noun(ctx, head, t.head[event])
    if path is None and p.subject_start is not None:
        subject = t.at(p.subject_start)
        path = None if _is_told_of(ctx, event, subject) else syntax.path_to(t, head, subject)
    return path


def _is_told_of(ctx: Context, event: int, subject: int) -> bool:
    """Return whether a relative clause foretells something of a noun: "is debating a $900 billion bill that will cut taxes"."""
    clause = syntax.clause_head(ctx.t, event)
    return ctx.t.dep[clause] == "acl:relcl" and ctx.t.head[clause] == subject


def _is_own_clause(ctx: Context, i: int) -> bool:
    """Return whether `i` heads a clause that asserts something of its own; participles and infinitives do not."""
    t = ctx.t
    return syntax.is_clause_head(t, i) and (
        syntax.is_finite(t, i)
        or t.rel[i] == "parataxis"
        or (t.rel[i] == "conj" and not syntax.has_to(t, i) and not _shares_modal(ctx, i))
        or t.dep[i] == "acl:relcl"
    )


def _shares_modal(ctx: Context, i: int) -> bool:
    """Return whether it is a second bare infinitive under one modal: "the levy will double and bring in 280 million"."""
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
    """Return the prediction of the second infinitive, at the token `verb`, under the modal of `p`; a deadline is its own clause's."""
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
    """Return the way from a figure to the noun whose infinitive predicts ("$1 billion of the debt to be reinvested")."""
    t = ctx.t
    if figure == noun:
        return [figure]
    return syntax.path_to(t, noun, figure)


def subject_of(ctx: Context, f: Figure | None, p: Prediction, sentence: Sentence, memory: Memory) -> Subject:
    """Return what the row of a prediction is about: what its figure measures, else the subject of its event."""
    held = _holder(ctx, f, p, memory) if f is not None else None
    if held is not None:
        return replace(held, line="predicted-holder")
    if f is not None and f.subject.text is not None:
        return f.subject
    return _of_event(ctx, p, sentence, memory)


def _holder(ctx: Context, f: Figure, p: Prediction, memory: Memory) -> Subject | None:
    """Return the subject of a prediction that holds a figure of things in an "of"-phrase: "a fleet of 40,000 cars could replace …"."""
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


def _of_event(ctx: Context, p: Prediction, sentence: Sentence, memory: Memory) -> Subject:
    t = ctx.t
    event = t.at(p.event_start if p.event_start is not None else p.trigger_start)
    if p.subject_start is None:
        return _object(ctx, event, memory) or replace(from_topic(memory.topic, None), line="topic")
    head = t.at(p.subject_start)
    if t.lower[head] in _SITUATION and t.pos[head] == "PRON":
        brought = _brought_about(ctx, event)
        if brought is not None:
            return replace(finish(ctx, brought, frozenset(), event, memory), line="predicted-outcome")
    obj = _object_of_speaker(ctx, head, event)
    if obj is not None:
        return replace(finish(ctx, obj, frozenset(), event, memory), line="predicted-object")
    if t.lower[head] in _SPEAKERS:
        speaker = first_person(ctx, sentence, p.start) if t.lower[head] != "you" else None
        if speaker is not None:
            return Subject(speaker, head, event, line="predicted-speaker")
        return _object(ctx, event, memory) or Subject(None, head, event, resolved=False)
    if ctx.is_time(head):  # "a drought in spring, which would hit wheat"
        things = (i for i in t.ancestors(head) if t.pos[i] in ("NOUN", "PROPN"))
        head = next(things, head) if t.rel[head] in ("nmod", "obl") else head
    # "a module set to be launched", which parsers also take for an adjective
    told = (c for c in t.children[head] if t.rel[c] == "acl" or (t.rel[c] == "amod" and c > head))
    drop = {i for c in told if (inside := t.subtree(c)) and inside[0] <= event <= inside[-1] for i in inside}
    found = replace(finish(ctx, head, drop, event, memory), line="predicted-subject")
    if not found.resolved and t.lower[head] == "they":  # "They will never build the line"
        return _object(ctx, event, memory) or found
    return found


def _brought_about(ctx: Context, event: int) -> int | None:
    """Return the noun of what a situation leads to: "this will create more jobs", "that will ensure that wages rise"."""
    t = ctx.t
    if t.pos[event] == "NOUN" and syntax.child(t, event, "cop") is not None:
        return event if not syntax.case_word(t, event) else None
    i: int | None = event
    for _ in range(MAX_DEEP):
        if i is None:
            return None
        led = (
            c for c in t.children[i] if t.rel[c] == "obl" and (t.lemma[i], syntax.case_word(t, c)) in _LEADS
        )
        own = syntax.child(t, i, *syntax.SUBJECTS) if i != event else None
        for what in (own, syntax.child(t, i, "obj"), next(led, None)):
            if what is not None and _is_thing(ctx, what):
                return what
        i = syntax.child(t, i, "xcomp", "ccomp")
    return None


def _is_thing(ctx: Context, i: int) -> bool:
    return ctx.t.pos[i] in ("NOUN", "PROPN") and not ctx.is_time(i) and i not in ctx.measured


def _object(ctx: Context, event: int, memory: Memory) -> Subject | None:
    """Return the object of an event whose subject names nobody: "you will not be able to buy a new car"."""
    t = ctx.t
    obj = syntax.child(t, event, "obj")
    done = syntax.child(t, event, "xcomp")
    if obj is None and done is not None:
        obj = syntax.child(t, done, "obj")
    if obj is None or t.pos[obj] not in ("NOUN", "PROPN") or ctx.is_time(obj) or obj in ctx.measured:
        return None
    return replace(finish(ctx, obj, frozenset(), event, memory), line="predicted-object")


def _object_of_speaker(ctx: Context, head: int, event: int) -> int | None:
    """Return the object that a prediction in the first person is about: "we will have a new bridge"; None elsewhere."""
    t = ctx.t
    has = t.lemma[event] in ctx.nouns.have
    if t.lower[head] not in _SPEAKERS and not (t.lower[head] in ("it", "this") and has):
        return None
    obj = syntax.child(t, event, "obj")
    obj = _seen(ctx, event) if obj is None else obj
    if obj is None or ctx.is_time(obj):
        return None
    return obj if has or (t.lower[head] == "we" and t.pos[obj] == "NOUN") else None


def _seen(ctx: Context, verb: int) -> int | None:
    """Return what is seen to do something, where the parse makes it the subject of that: "we will see the minister travel"."""
    t = ctx.t
    clause = syntax.child(t, verb, "ccomp")
    if clause is None or t.tag[clause] not in ("VB", "VBG") or syntax.is_finite(t, clause):
        return None
    return syntax.child(t, clause, *syntax.SUBJECTS)
