"""Claims against gold claims.

Gold and extracted claims are laid over the article with white space and quotation marks folded. A
gold claim is found when a claim not yet taken is of its kind (or an accepted one), covers at least
half of the shorter of the two, and has the same value; a prediction without a gold value needs none.
Among several the one with most right attributes is taken. Optional gold claims come last: to find
one is no hit, to extract one is no mistake. A row is complete when all its attributes are right.

What gold leaves out is not judged (but `speaker`, `subject`, `polarity` always are). The time is right
when both days are. A subject is right when its content words reach F1 0.5, a unit when it is the same
code or shares a content word, a speaker when its words include the other's or both mean the author.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claimtable.evaluate.measures import Counts, Mistake, Row, Score, Share, close
from claimtable.evaluate.wording import fold, locate, overlap, sentence_around, word_f1, words
from claimtable.schema import Record

KINDS = ("quantitative", "prediction")
ATTRIBUTES = (
    "value",
    "unit",
    "bound",
    "change",
    "time",
    "subject",
    "speaker",
    "polarity",
    "deadline",
    "place",
)
SUBJECT_F1 = 0.5
COVER = 0.5

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GoldClaim(Record):
    """A claim as an annotator wrote it; `accept_x` holds further right answers for `x`."""

    kind: str
    quote: str
    start: int | None = None
    end: int | None = None
    """Where the quote stands, of stand-off gold."""
    id: str = ""
    subject: str = ""
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    unit: str | None = None
    bound: str | None = None
    change: str | None = None
    time_start: str | None = None
    time_end: str | None = None
    deadline: str | None = None
    place: str | None = None
    speaker: str = "author"
    polarity: str = "affirmed"
    optional: bool = False
    accept_kind: tuple[str, ...] = ()
    accept_subject: tuple[str, ...] = ()
    accept_value: tuple[float, ...] = ()
    accept_unit: tuple[str, ...] = ()
    accept_bound: tuple[str, ...] = ()
    accept_change: tuple[str | None, ...] | None = None
    accept_deadline: tuple[str | None, ...] = ()
    accept_speaker: tuple[str, ...] = ()
    accept_polarity: tuple[str, ...] = ()
    accept_place: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """Which extracted row answers which gold claim of an article."""

    pairs: tuple[tuple[GoldClaim, Row | None], ...]
    """Every gold claim, optional ones last, with its row; None where it was missed."""
    spurious: tuple[Row, ...]
    """Rows that answer no gold claim."""


def match(text: str, gold: Sequence[GoldClaim], rows: Sequence[Row]) -> Matching:
    """Lay gold claims and extracted rows of one article over its text, as the module's description says."""
    at = _Places(text)
    free = [(row, at.of(row["text"], row.get("start"), row.get("end"))) for row in rows]
    answers: dict[int, Row] = {}
    ordered = sorted(gold, key=lambda g: g.optional)
    # What a text says twice may be answered where it says it the other time, by rows that answer nothing else.
    for places in (lambda g: [at.of(g.quote, g.start, g.end)], lambda g: at.all(g.quote)):
        for k, g in enumerate(ordered):
            if k in answers:
                continue
            best = next((found for place in places(g) if (found := _best(g, place, free)) is not None), None)
            if best is not None:
                free.remove(best)
                answers[k] = best[0]
    pairs = [(g, answers.get(k)) for k, g in enumerate(ordered)]
    return Matching(tuple(pairs), tuple(row for row, _ in free))


class _Places:
    """Where words stand in the folded text: by their offsets where known, else where they first stand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        self._at: list[int] = []
        """Code point of the text → that of the folded one."""
        k = 0
        lead = len(text) - len(text.lstrip())
        for i, char in enumerate(text):
            self._at.append(k)
            k += i >= lead and not (char.isspace() and text[i + 1 : i + 2].isspace())
        self._at.append(k)

    def of(self, words: str, start: int | None, end: int | None) -> _Span | None:
        """Return the range of the words; None where they stand nowhere."""
        known = start is not None and end is not None and 0 <= start < end <= len(self._text)
        if known and fold(self._text[start:end]) == fold(words):
            return self._at[start], self._at[end]  # type: ignore[index]
        return locate(self._folded, fold(words))

    def all(self, words: str) -> list[_Span]:
        """Return all ranges of the words."""
        pattern = r"\s+".join(re.escape(word) for word in fold(words).split())
        return [match.span() for match in re.finditer(pattern, self._folded)]


def score_article(document: str, text: str, gold: Sequence[GoldClaim], rows: Sequence[Row]) -> Score:
    """Score the claims of one article.

    Args:
        document: its id, for the mistakes.
        text: its text.
        gold: its gold claims.
        rows: the extracted claims, as rows of the layer.
    """
    score = Score("claims")
    for name in (*KINDS, "all", "complete"):
        score.counts[name] = Counts()
    folded = fold(text)

    def context(quote: str) -> str:
        place = locate(folded, fold(quote))
        return sentence_around(folded, *place) if place else ""

    matching = match(text, gold, rows)
    for g, row in matching.pairs:
        if g.optional:
            continue
        hit = int(row is not None)
        for name in (g.kind, "all"):
            score.counts[name] += Counts(hit, hit, 1)
        around = context(g.quote)
        if row is None:
            score.mistakes.append(
                Mistake("missed", document, g.quote, gold=_summary(vars_of(g)), context=around)
            )
            score.counts["complete"] += Counts(0, 0, 1)
            continue
        right = {name: is_right(name, g, row) for name in ATTRIBUTES}
        for name in ATTRIBUTES:
            score.shares[name] += Share(right[name], 1)
            if not right[name]:
                score.mistakes.append(_wrong(name, document, g, row, around))
        score.counts["complete"] += Counts(int(all(right.values())), 1, 1)
    for row in matching.spurious:
        for name in (row["kind"], "all"):
            score.counts[name] += Counts(0, 1, 0)
        score.counts["complete"] += Counts(0, 1, 0)
        score.mistakes.append(
            Mistake("spurious", document, row["text"], extracted=_summary(row), context=context(row["text"]))
        )
    return score


def _best(
    g: GoldClaim, place: _Span | None, free: Sequence[tuple[Row, _Span | None]]
) -> tuple[Row, _Span | None] | None:
    if place is None:
        return None
    needs_value = not g.optional and not (g.kind == "prediction" and g.value is None)
    candidates = [
        (row, at)
        for row, at in free
        if at is not None
        and row["kind"] in (g.kind, *g.accept_kind)
        and _iou_like(place, at)
        and (not needs_value or _value_right(g, row))
    ]
    if g.optional:
        return candidates[0] if candidates else None
    return max(candidates, key=lambda c: sum(is_right(a, g, c[0]) for a in ATTRIBUTES), default=None)


def _iou_like(a: _Span, b: _Span) -> bool:
    return overlap(a, b) >= COVER * min(a[1] - a[0], b[1] - b[0])


def _value_right(g: GoldClaim, row: Row) -> bool:
    if g.value is not None:
        return any(close(value, row.get("value")) for value in (g.value, *g.accept_value))
    if g.value_low is not None or g.value_high is not None:
        return close(g.value_low, row.get("value_low")) and close(g.value_high, row.get("value_high"))
    return True


def is_right(attribute: str, g: GoldClaim, row: Row) -> bool:
    """Return whether an attribute of an extracted row agrees with the gold claim; what gold leaves out always does."""
    match attribute:
        case "value":
            return _value_right(g, row)
        case "unit":
            if g.unit is None or row.get("unit") in (g.unit, *g.accept_unit):
                return True
            return bool(set(words(row.get("unit"))) & set(words(g.unit)))
        case "bound":
            return g.bound is None or row.get("bound") in (g.bound, *g.accept_bound)
        case "change":
            if g.change is None and g.accept_change is None:
                return True
            return row.get("change") in (g.change, *(g.accept_change or ()))
        case "time":
            return g.time_start is None or (
                row.get("time_start") == g.time_start and row.get("time_end") == g.time_end
            )
        case "subject":
            return (
                max(word_f1(subject, row.get("subject")) for subject in (g.subject, *g.accept_subject))
                >= SUBJECT_F1
            )
        case "speaker":
            return _speaker_right(g, row)
        case "polarity":
            return row.get("polarity", "affirmed") in (g.polarity, *g.accept_polarity)
        case "deadline":
            return g.deadline is None or row.get("deadline") in (g.deadline, *g.accept_deadline)
        case "place":
            return g.place is None or row.get("place") in (g.place, *g.accept_place)
        case _:
            raise ValueError(attribute)


def _speaker_right(g: GoldClaim, row: Row) -> bool:
    accepted = (g.speaker, *g.accept_speaker)
    speaker = row.get("speaker") or "author"
    found = set(words(speaker))
    if "author" in accepted and row.get("speaker_type") == "author":
        return True
    for name in accepted:
        expected = set(words(name))
        if (
            speaker.lower() == name.lower()
            or (expected and expected <= found)
            or (found and found <= expected)
        ):
            return True
    return False


def vars_of(g: GoldClaim) -> dict[str, Any]:
    """Return the fields of a gold claim that gold states."""
    return {name: value for name, value in g.to_dict().items() if value not in (None, [], "", False)}


_SHOWN = (
    "kind",
    "subject",
    "bound",
    "value",
    "value_low",
    "value_high",
    "unit",
    "change",
    "time_start",
    "time_end",
    "speaker",
    "polarity",
    "deadline",
    "place",
)


def _summary(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in _SHOWN if row.get(name) is not None}


def _wrong(attribute: str, document: str, g: GoldClaim, row: Row, context: str) -> Mistake:
    if attribute == "time":
        expected: Any = [g.time_start, g.time_end]
        found: Any = [row.get("time_start"), row.get("time_end")]
    elif attribute == "value" and g.value is None:
        expected = [g.value_low, g.value_high]
        found = [row.get("value_low"), row.get("value_high")]
    else:
        expected, found = getattr(g, attribute), row.get(attribute)
    return Mistake("wrong", document, g.quote, attribute, expected, found, context)
