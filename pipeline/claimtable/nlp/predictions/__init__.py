"""Predictions: what, by whom, how surely, by when, on what condition.

Each prediction hangs on one *event*: the predicate that is said to come ("will rise" → rise, "is expected to
begin" → begin, "a target of $1 billion by 2020" → target). Several words may mark the same event; they
make one record. Not predictions: habitual and epistemic *will* and *may* about the past, counterfactuals,
abilities in the past, conditions, questions.

The words that mark predictions are in `rules/data/prediction_triggers.tsv` and `prediction_words.tsv`, the probability scales in
`rules/data/estimative.tsv`.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions, polarity, syntax
from claimtable.nlp.predictions import deadline
from claimtable.nlp.predictions.chances import STATED, probability
from claimtable.nlp.predictions.conditions import condition, condition_range
from claimtable.nlp.predictions.events import Event, find_events, is_question
from claimtable.nlp.predictions.frames import is_trailing
from claimtable.nlp.predictions.lexicon import Lexicon, words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Document, Prediction, Quantity, TimeExpression

NAME = "claimtable_predictions"
VERSION = "1"


class Predictions:
    """Finds predictions and writes `doc._.claimtable_predictions`."""

    def __init__(self, *, scale: str) -> None:
        self.scale = scale
        self.lexicon = Lexicon(scale)

    def __call__(self, doc: Doc) -> Doc:
        extensions.require(doc, NAME)
        extensions.set_layer(doc, "predictions", find_predictions(doc, self.lexicon))
        return doc


def find_predictions(doc: Doc, lexicon: Lexicon) -> list[Prediction]:
    """Return the predictions of the sections of a parsed document, in text order."""
    document = extensions.document_of(doc)
    if not len(doc) or not document.sections:
        return []
    t = Tokens.of(doc)
    found: list[Prediction] = []
    quantities: Sequence[Quantity] = doc._.claimtable_quantities
    times: Sequence[TimeExpression] = doc._.claimtable_times
    quantity_at = {
        i: q
        for mention in quantities
        if mention.role == "quantity"
        for q in (mention, *mention.parts)
        for i in range(*t.range(q.start, q.end))
    }
    for a, b in t.sents:
        if document.section_at(t.start[a] if t.pos[a] != "SPACE" else t.start[min(a + 1, b - 1)]) is None:
            continue
        if is_question(t, a, b):
            continue
        last = t.end[b - 1]
        sentence_times = [x for x in extensions.starting_in(times, t.start[a], last) if x.end <= last]
        found.extend(
            _record(t, document, event, lexicon, sentence_times, (a, b))
            for event in find_events(t, a, b, lexicon, quantity_at, sentence_times, document.published)
        )
    found.sort(key=lambda p: (p.start, p.trigger_start))
    return found


def _record(
    t: Tokens,
    document: Document,
    e: Event,
    lexicon: Lexicon,
    times: Sequence[TimeExpression],
    sentence: tuple[int, int],
) -> Prediction:
    text = document.text
    on = condition(t, e.event, e.anchor)
    first, last = _extent(t, e, on, sentence)
    triggers = sorted(e.triggers)
    modality_tokens = sorted(set(e.modality))
    modality = syntax.text_of(t, text, modality_tokens, determiner=True) if modality_tokens else None
    stated = probability(e.figure)
    estimate = stated or (lexicon.estimate(modality) if modality else None)
    when = deadline.time_of(t, e, times, document.published)
    who = _subject(t, e)
    negated = e.negated or (syntax.is_negated(t, e.event) and e.event not in e.triggers)
    negated ^= len(polarity.from_above(t, syntax.clause_head(t, e.anchor))) % 2 == 1
    condition_text = None
    if on is not None:
        low, high = condition_range(t, on)
        condition_text = text[t.start[low] : t.end[high - 1]]
    return Prediction(
        start=t.start[first],
        end=t.end[last - 1],
        text=text[t.start[first] : t.end[last - 1]],
        trigger_start=t.start[triggers[0]],
        trigger_end=t.end[triggers[-1]],
        subject=syntax.text_of(t, text, syntax.noun_phrase(t, who)) if who is not None else None,
        predicate=t.lemma[e.event],
        modality=modality,
        probability_low=estimate[0] if estimate else None,
        probability_high=estimate[1] if estimate else None,
        scale=STATED if stated else lexicon.scale if estimate else None,
        deadline=deadline.last_day(when) if when is not None else None,
        time_text=when.text if when is not None else None,
        condition=condition_text,
        polarity="negated" if negated else "affirmed",
        rule=f"prediction.{e.rules[0]}@{VERSION}",
        event_start=t.start[e.event],
        subject_start=t.start[who] if who is not None else None,
        chance_start=e.figure.start if e.figure is not None else None,
    )


def _extent(t: Tokens, e: Event, on: int | None, sentence: tuple[int, int]) -> tuple[int, int]:
    """Return the tokens of a prediction: its clause with its condition, and the noun that a clause behind it is about."""
    first, last = syntax.clause_tokens(t, e.anchor, keep={e.event, *([on] if on is not None else [])})
    first, last = max(first, sentence[0]), min(last, sentence[1])
    behind_noun = t.dep[e.anchor] == "acl" and e.anchor == e.event
    if t.dep[e.anchor] == "acl:relcl" or behind_noun or is_trailing(t, e.anchor):
        first = min(first, *syntax.noun_phrase(t, t.head[e.anchor]))
    first = syntax.without_opening(t, first, e.anchor)
    while last - 1 > e.anchor and t.pos[last - 1] == "SPACE":
        last -= 1
    return first, last


def _subject(t: Tokens, e: Event) -> int | None:
    """Return what a prediction is about; in "could make a meeting a possibility" it is what is made possible."""
    made = syntax.child(t, e.event, "obj") if t.lemma[e.event] in words().making else None
    possible = (t.rel[c] == "xcomp" and t.lemma[c] in words().possible for c in t.children[e.event])
    if made is not None and any(possible):
        return made
    who = e.subject if e.subject is not None else syntax.subject(t, e.event)
    if who is not None and t.lower[who] == "it" and e.anchor != e.event:
        return syntax.subject(t, e.event)
    return who


@Language.factory(
    NAME,
    assigns=["doc._.claimtable_predictions", "doc.spans"],
    requires=[
        "token.dep",
        "token.tag",
        "token.lemma",
        "doc._.claimtable_quantities",
        "doc._.claimtable_times",
    ],
    default_config={"scale": "icd203"},
)
def make_predictions(nlp: Language, name: str, scale: str) -> Predictions:
    """Create the component.

    Args:
        scale: the verbal-probability scale of the figures, `icd203` or `ipcc_ar5`; scales are never mixed.
    """
    extensions.register()
    extensions.announce(nlp, NAME)
    return Predictions(scale=scale)
