"""Who asserts a claim: who is quoted, who predicts by the verb of the prediction, else the author of the section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.lines import Candidate, choose
from claimtable.nlp.mentions import canonical_speaker
from claimtable.schema import Attribution, Prediction

_BY_A_VERB = frozenset(["report", "outlook", "chance", "pledge"])
"""Rules of predictions whose verb has the one who predicts for its subject."""
_NOBODY = frozenset(["no", "nobody", "none", "not", "nothing", "neither", "following"])
"""Words that a phrase begins with which names nobody who could say something."""
_DETERMINERS = frozenset(["the", "a", "an", "and", "but"])
_BY_AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who asserts something, as the columns of the table have it, and the line that chose it."""

    name: str | None
    text: str | None
    cue: str | None
    type: str | None
    line: str


def speaker_of(
    ctx: Context, sentence: Sentence, offset: int, p: Prediction | None, denials: Sequence[int] = ()
) -> Spoken:
    """Return who asserts what stands at `offset`, or denies it by the last of `denials`."""
    around = _around(ctx, sentence, offset)
    a = ctx.attribution_at(offset) if not denials else _denial_by(ctx, denials[-1])
    if a is None and p is not None and p.subject_start is not None:
        a = ctx.attribution_at(p.trigger_start)
    proposed = [Candidate(around.line, 0.0, around)]
    predictor = _predictor(ctx, p)
    if predictor is not None:
        proposed.append(Candidate(predictor.line, 1.0, predictor))
    if a is not None:
        said = _of_attribution(ctx, a, around)
        proposed.append(Candidate(said.line, 2.0, said))
    choice = choose(proposed, cell="speaker", at=offset)
    return choice.winner.value if choice is not None else proposed[0].value


def first_person(ctx: Context, sentence: Sentence, offset: int) -> str | None:
    """Return who "I" or "we" at `offset` is: who is quoted there word for word, else the author of the section."""
    a = ctx.attribution_at(offset)
    if a is not None and a.kind in ("direct", "mixed") and a.speaker is not None:
        return a.speaker
    return _around(ctx, sentence, offset).name


def _around(ctx: Context, sentence: Sentence, offset: int) -> Spoken:
    """Return who speaks at `offset` where nobody is quoted: whose turn it is, else the author of the section."""
    turn = ctx.frames.nearest(offset, "turn")
    if turn is None or turn.label is None:
        role = sentence.section.role
        author = sentence.section.speaker or (ctx.document.author if role in ("title", "body") else None)
        return Spoken(author, None, None, "author", _BY_AUTHOR)
    if turn.speaker is None:
        return Spoken(None, None, None, None, turn.rule)
    types = (actor.type for actor in ctx.doc._.claimtable_actors if actor.name == turn.speaker)
    label = ctx.text[slice(*turn.label)].rstrip(": \n")
    return Spoken(turn.speaker, label, None, next(types, "PERSON"), turn.rule)


def _denial_by(ctx: Context, denial: int) -> Attribution | None:
    """Return the attribution whose cue is the token that denies, else the one that holds it."""
    offset = ctx.t.start[denial]
    own = (a for a in ctx.attributions if a.source and any(s <= offset < e for s, e in a.cue))
    return next(own, None) or ctx.attribution_at(offset)


def _of_attribution(ctx: Context, a: Attribution, around: Spoken) -> Spoken:
    source = ctx.text[a.source[0][0] : a.source[-1][1]] if a.source else None
    cue = " … ".join(ctx.text[s:e] for s, e in a.cue) or None
    line = a.rule or "attribution"
    if a.speaker_type == "author":
        return replace(around, name=a.speaker or around.name, text=source, cue=cue, line=line)
    if not a.source and a.kind == "direct":
        return Spoken(a.speaker, source, cue, a.speaker_type, line)  # a quotation of nobody
    if a.speaker is None or (a.speaker_type is None and source is not None and _is_nobody(ctx, a)):
        return replace(around, text=source, cue=cue, line=f"{around.line}+{line}")
    if a.speaker_type is None and _is_bare_figure(ctx, a.content):
        return around
    return Spoken(a.speaker, source, cue, a.speaker_type, line)


def _predictor(ctx: Context, p: Prediction | None) -> Spoken | None:
    """Return who makes a prediction by its own verb: "*analysts* put the chance at 40 percent".

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
    if name is None or kind is None:
        return None
    return Spoken(name, ctx.text[start:end], t.text[verb], kind, "predicting-verb")


def _is_bare_figure(ctx: Context, spans: tuple[tuple[int, int], ...]) -> bool:
    """Return whether a content says nothing: of "consumption declined 1.1 percent" the figure alone."""
    t = ctx.t
    inside = (i for start, end in spans for i in range(*t.range(start, end)))
    return all(t.pos[i] in ("NUM", "SYM", "PUNCT", "ADV") or i in ctx.measured for i in inside)


def _is_nobody(ctx: Context, a: Attribution) -> bool:
    """Return whether a source says nothing: data, "no one", a heading with its date, places that report what happened there."""
    t = ctx.t
    first, end = t.range(a.source[0][0], a.source[-1][1])
    noun = t.lemma[syntax.span_root(t, first, end)]
    if noun in ctx.nouns.datum or sum(ctx.is_time(i) for i in range(first, end)) > 1:
        return True
    words = [word for word in t.lower[first:end] if word not in _DETERMINERS]
    if words[:1] and (words[0] in _NOBODY or words[:2] == ["one", "each"]):
        return True
    cues = (t.lemma[i] for cue in a.cue for i in range(*t.range(*cue)))
    return noun in ctx.nouns.reporting_place and any(cue in ctx.nouns.recording for cue in cues)
