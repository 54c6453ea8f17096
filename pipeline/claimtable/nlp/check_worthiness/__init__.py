"""Check-worthiness: which sentence, and which claim, a fact-checker should look at first.

A sentence gets the probability of the word model in `model`, with the default pipeline
together with `states`. A claim starts from its sentence and is
moved by what the row itself shows, in log-odds, each step a reason that can be read out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.check_worthiness.columns import models
from claimtable.nlp.check_worthiness.model import probability
from claimtable.nlp.check_worthiness.states import combined
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Claim, Role, SentenceScore

# Log-odds steps, set by hand and not fitted to data: there are no rows with a judgement of how much they are worth a check.
# They order the rows of a document: figures about the world before bare expectations. Half a unit is 1.6 times the odds.
REASONS = {
    "states a figure with a unit": 0.8,
    "states a change or comparison": 0.3,
    "is attributed to a named actor": 0.3,
    "names the time": 0.3,
    "can be checked only later": -0.8,
    "has neither figure nor date": -0.6,
    "is hedged": -0.3,
    "its subject is in doubt": -0.5,
    "comes from a reader's comment": -0.7,
}

SENTENCE_WEIGHT = 0.35
"""Share of the sentence's log-odds that its claims start from, set by hand. The word model was trained on debates, where most
sentences hold no figure; in news nearly every claim would be near 1, and the order among claims would be lost."""

_UNSURE = 0.7
"""Below this confidence the subject is in doubt (set by hand: unresolved pronouns, and the rules that often get the subject wrong)."""


def reasons(claim: Claim) -> list[str]:
    """Return the keys of `REASONS` that hold for a claim."""
    figure = claim.value is not None or claim.value_low is not None
    out = []
    if figure and claim.unit is not None:
        out.append("states a figure with a unit")
    if claim.change is not None:
        out.append("states a change or comparison")
    if claim.speaker is not None and claim.speaker_type in ("PERSON", "ORG", "GPE"):
        out.append("is attributed to a named actor")
    if claim.time_start is not None or claim.deadline is not None:
        out.append("names the time")
    if claim.kind == "prediction":
        out.append("can be checked only later")
        if not figure and claim.deadline is None:
            out.append("has neither figure nor date")
        if claim.modality is not None and (claim.probability_high is None or claim.probability_high < 0.9):
            out.append("is hedged")
    if claim.confidence is not None and claim.confidence < _UNSURE:
        out.append("its subject is in doubt")
    if claim.section == "comment":
        out.append("comes from a reader's comment")
    return out


NAME = "claimtable_check_worthiness"


class CheckWorthiness:
    """Writes `doc._.claimtable_sentences` and the scores of `doc._.claimtable_claims`."""

    def __call__(self, doc: Doc) -> Doc:
        extensions.require(doc, NAME)
        document = extensions.document_of(doc)
        claims: tuple[Claim, ...] = doc._.claimtable_claims
        events = sorted(
            (p.event_start if p.event_start is not None else p.start, p.rule)
            for p in doc._.claimtable_predictions
        )
        places = [place for place, _ in events]
        t = Tokens.of(doc)
        ranges: list[tuple[int, int]] = []
        found: list[tuple[int, int, Role]] = []
        for a, b in t.sents:
            first = next((i for i in range(a, b) if not t.text[i].isspace()), None)
            section = None if first is None else document.section_at(t.start[first])
            if first is None or section is None:
                continue
            start = t.start[first]
            end = start + len(document.text[start : t.end[b - 1]].rstrip())
            ranges.append((a, b))
            found.append((start, end, section.role))
        texts = [document.text[start:end] for start, end, _ in found]
        rules = [
            [rule for _, rule in events[bisect_left(places, start) : bisect_left(places, end)]]
            for start, end, _ in found
        ]
        words, ahead = models().log_odds(doc, ranges, texts, rules)
        odds = combined(doc, ranges, words)
        sentences = [
            SentenceScore(start, end, text, round(probability(check), 4), future >= 0, role)
            for (start, end, role), text, check, future in zip(found, texts, odds, ahead, strict=True)
        ]
        extensions.set_layer(doc, "sentences", sentences)
        if claims:
            starts = [s.start for s in sentences]
            scored = []
            for claim in claims:
                k = max(0, bisect_right(starts, claim.start) - 1)
                total = SENTENCE_WEIGHT * (odds[k] if odds else 0.0) + sum(REASONS[r] for r in reasons(claim))
                scored.append(replace(claim, check_worthiness=round(probability(total), 4)))
            # The spans stay as they are.
            doc._.claimtable_claims = tuple(scored)
        return doc


@Language.factory(
    NAME,
    assigns=["doc._.claimtable_sentences", "doc._.claimtable_claims"],
    requires=[
        "token.sent_start",
        "token.lemma",
        "token.tag",
        "doc._.claimtable_claims",
        "doc._.claimtable_predictions",
    ],
)
def make_check_worthiness(nlp: Language, name: str) -> CheckWorthiness:
    """Create the component."""
    extensions.register()
    return CheckWorthiness()
