"""Figures: the quantities of a sentence that are claims, with what they measure and the unit the table writes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from claimtable import rules
from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.durations import interval_case, is_measured_duration
from claimtable.nlp.claims.lexicon import people, peoples
from claimtable.nlp.claims.subjects import Measured, Memory, Place, Subject, kind_of, place_of
from claimtable.nlp.claims.tables import Cell, Label
from claimtable.schema import Change, Prediction, Quantity, TimeExpression

MONEY_FLOOR = 100_000.0
"""A bare number from here on beside a money word is taken for money in the document's currency."""

COIN_FLOOR = 100.0
"""From here on a bare "crowns" is money, whosever it is."""

MONEY_WINDOW = 8
"""Tokens on either side in which the money word must stand."""

_PRICED = frozenset(["mass", "volume", "length", "area", "energy"])
"""Dimensions of units that things are sold by."""

_ORIGIN = frozenset(["from"])
"""Prepositions of where something comes from, which is a place too in a list of places."""

_RESPECTIVE = re.compile(r"\brespective(?:ly)?\b", re.IGNORECASE)


@dataclass(slots=True)
class Figure:
    """A quantity that may become a row."""

    place: Place
    subject: Subject
    prediction: Prediction | None = None
    change: Change | None = None
    """Which way it moved: the figure is the amount of the movement, or the level reached."""
    cell: Cell | None = None
    """The cell of a table that it stands in."""
    time: TimeExpression | None = None
    """The time that the headings of the cell state."""

    @property
    def quantity(self) -> Quantity:
        """The quantity."""
        return self.place.quantity

    def measured(self, ctx: Context, paragraph: int) -> Iterator[Measured]:
        """Yield what later figures may measure again, nothing without a subject."""
        if self.subject.text is not None:
            q = self.quantity
            unit, kind = q.unit or self.subject.unit, kind_of(ctx, self.subject.head)
            yield Measured(self.subject.text, unit, q.dimension, paragraph, kind, self.subject.told)


def parts(mentions: Sequence[Quantity]) -> list[Quantity]:
    """Return the values that can be rows: a movement is taken apart, definite counts, idioms and vague amounts are left out."""
    return [
        part for mention in mentions if mention.role == "quantity" for part in mention.parts or (mention,)
    ]


def document_currency(quantities: Sequence[Quantity]) -> str | None:
    """Return the currency that most sums of money of the document are in, None where it has none."""
    counts: dict[str, int] = {}
    for q in quantities:
        if q.dimension == "money" and q.unit:
            code = q.unit.partition("/")[0]
            counts[code] = counts.get(code, 0) + 1
    return max(counts, key=lambda c: counts[c]) if counts else None


def in_tables(ctx: Context, sentence: Sentence, quantities: Sequence[Quantity]) -> Iterator[Figure]:
    """Yield the figures of the cells of tables in a sentence, with what row, column and title say they are.

    Args:
        ctx: the document.
        sentence: the sentence; a row may be several.
        quantities: what was found in it, for cells that hold more than a bare figure.
    """
    t = ctx.t
    start, end = t.start[sentence.start], t.end[sentence.end - 1]
    for cell, figure in ctx.tables.figures(ctx.text, start, end):
        q = figure or next((x for x in quantities if cell.start <= x.start and x.end <= cell.end), None)
        if q is None or not cell.is_figure(q):
            continue
        labels = [label for label in (cell.row, cell.column, *cell.titles) if label is not None]
        held = [x for label in labels for x in ctx.quantities_in(label.start, label.end)]
        measured = cell.measure(q, held)
        time = cell.time(ctx.times)
        subject = cell.subject(ctx.times)
        things = _counted(ctx, cell.counting(ctx.times))
        named = Subject(subject, None, None, subject is not None, things, line="frame.table")
        yield Figure(place_of(ctx, measured), named, cell=cell, time=time)


def _counted(ctx: Context, label: Label) -> str | None:
    """Return the noun of the things that a heading in the plural counts: "Deaths" → "death"."""
    t = ctx.t
    plural = (t.lemma[i] for i in range(*t.range(label.start, label.end)) if t.tag[i] in ("NNS", "NNPS"))
    return next(plural, None)


def last_currency(figures: Sequence[Figure]) -> str | None:
    """Return the currency of the last sum of money of a sentence so far, None where it has none."""
    units = (f.quantity.unit for f in reversed(figures) if f.quantity.dimension == "money")
    return next((unit.partition("/")[0] for unit in units if unit), None)


def in_currency(ctx: Context, q: Quantity, currency: str | None) -> Quantity:
    """Return a large bare number beside a money word as money in the document's currency ("a surplus of 10.8 billion")."""
    if q.dimension == "count" and q.unit and _is_coin(ctx, q):
        return replace(q, dimension="money")
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


def _is_coin(ctx: Context, q: Quantity) -> bool:
    """Recognise money of a country that nothing names: "7.3 million crowns", "40 crowns per megawatt hour"; not "two gold crowns"."""
    coin, _, per = (q.unit or "").partition("/")
    value = q.value if q.value is not None else q.value_high
    return coin in ctx.nouns.coin and (bool(per) or (value is not None and abs(value) >= COIN_FLOOR))


def is_claim(ctx: Context, place: Place, sentence: Sentence) -> bool:
    """Return whether the text asserts the quantity: no question, condition, counterfactual, name or mere time."""
    t = ctx.t
    q, head = place.quantity, place.head
    if q.value is None and q.value_low is None and q.value_high is None:
        return False
    if t.text[sentence.end - 1] == "?":
        return False
    if (
        q.unit is None
        and place.first > sentence.start
        and t.lemma[place.first - 1] in ctx.nouns.label
        and not ctx.is_time(place.first - 1)  # "last year 6,200 were completed"
    ):
        return False
    if _introduces(ctx, place) or _is_index_base(ctx, place):
        return False
    if _is_denominator(ctx, place) or _is_age_group(ctx, place) or _is_span_of_record(ctx, place):
        return False
    if q.dimension == "time" and not is_measured_duration(ctx, q, head):
        return False
    dated = any(x.type in ("DATE", "TIME", "SET") for x in ctx.times_over(q.start, q.end))
    if dated and interval_case(ctx, q) is None:
        return False
    if _is_in_name(ctx, place, sentence) or _is_priced(ctx, place, sentence):
        return False
    clause = syntax.clause_head(t, head)
    for i in (clause, t.head[clause]):
        if any(t.rel[c] == "mark" and t.lower[c] in ctx.nouns.open_mark for c in t.children[i]) and (
            i == clause or t.rel[clause] == "conj"
        ):
            return False
    aux = [t.lower[c] for c in syntax.auxiliaries(t, clause)]
    return not ctx.nouns.unreal.intersection(aux) or "have" not in aux or t.tag[clause] != "VBN"


def _is_index_base(ctx: Context, place: Place) -> bool:
    """Recognise the level that an index is set to at first: "146.2 (1982-84=100)"."""
    before = ctx.text[max(0, place.quantity.start - 2) : place.quantity.start].strip()
    return before.endswith("=") and place.quantity.value in (1.0, 10.0, 100.0, 1000.0)


def _introduces(ctx: Context, place: Place) -> bool:
    """Return whether "one" or "two" introduces things, and does not count them: "one development", "two key points".

    What happens to people and what is sampled is counted one by one ("one death"), and "two" counts whatever can be seen.
    """
    t, q, head = ctx.t, place.quantity, place.head
    word = _number_word(ctx, q)
    if q.dimension not in (None, "count") or q.bound != "=" or q.direction is not None:
        return False
    if _goes_on_list(ctx, place):
        return False
    if word not in ctx.nouns.small or any(
        t.lower[i] in ctx.nouns.sequence for i in range(place.first, place.end)
    ):
        return False
    case = syntax.case_word(t, head)
    if t.dep[head] == "nmod:poss" or case == "with" or (case == "of" and t.pos[t.head[head]] == "ADJ"):
        return True  # "one person's firm", "coverage with two doses", "the older of two cars"
    if place.end < t.n and t.text[place.end] == ":":
        return True  # "up in two districts: Harbour by 4 percent, Hillside by 9"
    if t.lemma[head] in ctx.nouns.tallied:
        return case == "in" and word == "one"  # "in one case it was otherwise"
    return word == "one" or t.tag[head] != "NNS" or t.lemma[head] in ctx.nouns.introduced


def _goes_on_list(ctx: Context, place: Place) -> bool:
    """Return whether a number without a noun goes on a list of places: "23 from Beni, four from Butembo and one from Mabalako"."""
    t, i, behind = ctx.t, place.first - 1, place.end
    if place.counted or i < 2 or behind >= t.n or t.lower[behind] not in ctx.nouns.place_case | _ORIGIN:
        return False
    while i > 0 and t.lower[i] in ("and", ","):
        i -= 1
    low = t.start[t.sents[t.sent[place.first]][0]]
    before = ctx.quantities_in(low, t.start[place.first]) if i < place.first - 1 else ()
    return bool(before) and t.lower[behind] in t.lower[t.at(before[-1].start) : i + 1]


def _is_in_name(ctx: Context, place: Place, sentence: Sentence) -> bool:
    """Recognise a number word with a capital in a name: "the Five Hundred Metre Telescope"."""
    t, first, head = ctx.t, place.first, place.head
    capital = first > sentence.start and t.text[first].isalpha() and t.text[first].istitle()
    return capital and t.tag[first] == "CD" and "PROPN" in (t.pos[head], t.pos[t.head[head]])


def _is_priced(ctx: Context, place: Place, sentence: Sentence) -> bool:
    """Recognise the unit that a price is for: "1 gram costs $500", "a price of $5 for one litre"."""
    t, q, head = ctx.t, place.quantity, place.head
    if q.value != 1 or q.bound != "=" or q.dimension not in _PRICED:
        return False
    costs = t.rel[head] == "nsubj" and t.lemma[t.head[head]] in ctx.nouns.amount
    if not costs and syntax.case_word(t, head) != "for":
        return False
    low, high = t.start[sentence.start], t.end[sentence.end - 1]
    return any(x.dimension == "money" for x in ctx.quantities_in(low, high))


def _is_denominator(ctx: Context, place: Place) -> bool:
    """Return what another figure is counted by: "604 for every 1,000 households"; not "once every 9,000 kilometres"."""
    before = ctx.t.lower[max(0, place.first - 2) : place.first]
    return before[-1:] == ["per"] or (before[-1:] == ["every"] and before[0] in ("for", "in", "of"))


def _is_span_of_record(ctx: Context, place: Place) -> bool:
    """Return how far back a record goes: "for the first time in seven quarters"."""
    t = ctx.t
    before = place.first - 1
    while before > 0 and t.pos[before] in ("ADV", "ADJ") and t.lower[before] != "first":
        before -= 1  # "in more than seven quarters"
    return before > 1 and t.lower[before] == "in" and t.lower[before - 2 : before] == ["first", "time"]


def _is_age_limit(ctx: Context, place: Place) -> bool:
    """Recognise up to what age a group goes: "children under the age of five years", "up to nine years of age"."""
    t, q, first = ctx.t, place.quantity, place.first
    if q.dimension not in ("time", "age"):
        return False
    if q.bound != "=" and q.text.lower().endswith("of age"):
        return t.lemma[first - 1] in people()
    named = first > 3 and t.lower[first - 3 : first] == ["the", "age", "of"]
    return named and t.lower[first - 4] in ctx.nouns.age_case


def _lists_groups(ctx: Context, first: int) -> bool:
    """Recognise the bounds of groups in the brackets behind their name: "by age group (0-4, 5-24, 65+)"."""
    t, i = ctx.t, first - 1
    while i > 1 and (t.pos[i] in ("NUM", "PUNCT", "SYM") or i in ctx.measured) and t.text[i] != "(":
        i -= 1
    return i > 0 and t.text[i] == "(" and t.lemma[i - 1] in ("group", "age")


def _is_age_group(ctx: Context, place: Place) -> bool:
    """Recognise whose age a bare number is: "children under five", "women over 40"."""
    t, first = ctx.t, place.first
    if _lists_groups(ctx, first) or _is_age_limit(ctx, place):
        return True
    while first < place.end and t.pos[first] != "NUM":
        first += 1
    before = first - 1
    while before > 1 and (t.pos[before] == "NUM" or t.lower[before] in ("and", "to", "or", "-", "–")):
        before -= 1  # "between the ages of 18 and 29"
    if (
        place.quantity.unit is None
        and before > 1
        and t.lower[before] == "of"
        and t.lemma[before - 1] == "age"
    ):
        return True
    return (
        place.quantity.unit is None
        and 1 < first < t.n
        and t.lower[first - 1] in ctx.nouns.age_case
        and (t.lemma[first - 2] in people() or t.lower[first - 2] in peoples())
    )


def _number_word(ctx: Context, q: Quantity) -> str:
    start, end = q.number_start, q.number_end
    return ctx.text[start if start is not None else q.start : end if end is not None else q.end].lower()


def align_series(ctx: Context, sentence: Sentence, figures: list[Figure], memory: Memory) -> None:
    """Give coordinated figures their own subjects under "respectively", and "respective figures" those of the row before."""
    t = ctx.t
    if len(figures) < 2:
        return
    text = ctx.text[t.start[sentence.start] : t.end[sentence.end - 1]]
    if not _RESPECTIVE.search(text):
        return
    series = [f for f in figures if f.quantity.dimension == figures[-1].quantity.dimension]
    if "respectively" not in text.lower():
        if len(memory.series) >= len(series):
            for f, m in zip(series, memory.series[-len(series) :], strict=True):
                f.subject = replace(f.subject, text=m.subject, unit=m.unit, resolved=True, line="respective")
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
        f.subject = replace(
            f.subject, text=f"{tail} of {name}" if tail else name, resolved=True, line="respective"
        )


def _shared_object(ctx: Context, predicate: int | None, figures: list[Figure]) -> str | None:
    """Return the measure that the coordinated subjects share ("posted positive growth, at …")."""
    if predicate is None:
        return None
    obj = syntax.child(ctx.t, predicate, "obj")
    if obj is None or any(f.place.holds(obj) for f in figures):
        return None
    t = ctx.t
    first = min(f.place.first for f in figures)
    phrase = [i for i in syntax.noun_phrase(t, obj) if i < first]
    while phrase and t.pos[phrase[-1]] in ("ADP", "PUNCT", "CCONJ"):
        phrase.pop()
    return syntax.text_of(t, ctx.text, phrase) or None


def table_values(q: Quantity | None) -> tuple[float | None, float | None, float | None]:
    """Return value and range ends in the unit that the table writes."""
    if q is None:
        return None, None, None
    if q.factor is None:
        return q.value, q.value_low, q.value_high
    factor = q.factor
    # 4.1 pence are 0.041 pounds, not 0.040999999999999995.
    value, low, high = (
        None if v is None else float(f"{v * factor:.15g}") for v in (q.value, q.value_low, q.value_high)
    )
    return value, low, high


def table_unit(q: Quantity | None, subject: Subject) -> tuple[str | None, str | None, str | None]:
    """Return unit, unit as written and dimension; a bare number takes over the unit of what it points back to."""
    if q is None:
        return None, None, None
    if q.table_unit is not None:
        return q.table_unit, q.unit_text, q.dimension
    if q.unit is None and q.dimension in (None, "count") and subject.unit:
        return subject.unit, None, subject.dimension
    if q.unit is None and q.dimension in (None, "count") and subject.text:
        return _unit_of_size(subject.text), None, q.dimension
    return q.unit, q.unit_text, q.dimension


def _unit_of_size(subject: str) -> str | None:
    """Return what is counted where the subject is a size: "population of Lyon" → person, "death toll" → death."""
    words = re.split(r" (?:of|in|at|for|from|that|who) ", subject)[0].lower().split()
    unit = _sizes().get(words[-1]) if words else None
    if unit == "-":
        return words[-2] if len(words) > 1 and words[-2].isalpha() else None
    return unit


@functools.cache
def _sizes() -> dict[str, str]:
    return {row["noun"]: row["unit"] for row in rules.table("count_units", "noun", "unit", "source")}
