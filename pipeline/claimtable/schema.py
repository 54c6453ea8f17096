"""The records that pass between ingest, extraction, review and export, and the columns of the claims table.

Every offset is a half-open pair of Unicode code points into `Document.text`, which never changes
after ingest. Every record is a frozen dataclass that survives `to_dict` → JSON → `from_dict` unchanged.
`None` always means "not stated or not known", never "zero".
"""

from __future__ import annotations

import hashlib
import re
import types
from bisect import bisect_right
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from typing import Any, Literal, Self, Union, get_args, get_origin, get_type_hints

Role = Literal["title", "standfirst", "body", "author_bio", "comment"]
Bound = Literal["=", "~", "<", "<=", ">", ">="]
Change = Literal["up", "down", "flat"]
Kind = Literal["quantitative", "prediction"]
Polarity = Literal["affirmed", "negated"]
Status = Literal["extracted", "accepted", "corrected", "rejected", "added"]
Verdict = Literal["supported", "refuted", "mixed", "unverifiable"]
Decision = Literal["accepted", "corrected", "rejected", "added", "unsure"]
"""What a person says of a claim; `unsure` judges nothing, and asks for another pair of eyes."""
Outcome = Literal["submitted", "skipped"]
SpanOrigin = Literal["prediction", "prediction-changed", "manual"]
TaskState = Literal["pending", "pushed", "gone"]
ActorType = Literal["PERSON", "ORG", "GPE", "LOC", "NORP"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
CheckName = Literal["due", "arithmetic", "conflicts", "repeats", "fact-checks"]

Offsets = tuple[int, int]
"""A half-open pair (start, end) of code points into the document text."""

SAME_PLACE = 0.5
"""Share of the characters of two spans, together, that they must have in common to be the same claim or part marked
twice; hand-set, as the usual threshold for spans whose borders are a matter of taste."""


def overlap(one: Offsets, other: Offsets) -> float:
    """Return the shared characters of two spans as a share of all that they cover together: 0 apart, 1 equal."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


_HASH = r"[0-9a-f]{16}"
_FIRST_CLAIM_ID = re.compile(_HASH)
_CLAIM_ID = re.compile(f"c({_HASH})")


def new_claim_id(*parts: object) -> str:
    """Return the id of a claim that these tell from every other: a hash behind a letter, so that it is never read as a number."""
    key = "\x1f".join(map(str, parts))
    return "c" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def claim_id_from(given: str) -> str:
    """Return the id of a claim as it is today; the first versions wrote the hash without the letter."""
    return f"c{given}" if _FIRST_CLAIM_ID.fullmatch(given) else given


def first_claim_id(claim_id: str) -> str:
    """Return the id as the first versions wrote it: what they derived from it and sent out goes on being found."""
    match = _CLAIM_ID.fullmatch(claim_id)
    return match[1] if match else claim_id


_PLAIN = frozenset((str, int, float, bool, type(None)))


def _to_plain(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _to_plain(item) for key, item in value.items()}
    return value


def _from_plain(value: Any, annotation: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        (annotation,) = [a for a in get_args(annotation) if a is not type(None)]
        return _from_plain(value, annotation)
    if origin is tuple:
        args = get_args(annotation)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_from_plain(item, args[0]) for item in value)
        return tuple(_from_plain(item, arg) for item, arg in zip(value, args, strict=True))
    if annotation is date:
        return date.fromisoformat(value) if isinstance(value, str) else value
    if annotation is float:
        return float(value)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation.from_dict(value)
    return value


@cache
def _annotations(record: Any) -> dict[str, Any]:
    return get_type_hints(record)


@cache
def _converted(record: Any) -> tuple[tuple[str, Any], ...]:
    """Return name and type of each field, None for a type whose plain value is the value itself."""

    def is_plain(annotation: Any) -> bool:
        if get_origin(annotation) in (Union, types.UnionType):
            return all(map(is_plain, get_args(annotation)))
        return annotation in (str, int, bool, type(None)) or get_origin(annotation) is Literal

    hints = _annotations(record)
    return tuple((f.name, None if is_plain(hints[f.name]) else hints[f.name]) for f in fields(record))


@dataclass(frozen=True, slots=True)
class Record:
    """Base of the records: conversion to plain JSON-ready data and back."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields in order as JSON-ready values; dates become ISO 8601 strings."""
        return {name: _to_plain(getattr(self, name)) for name, _ in _converted(type(self))}  # type: ignore[arg-type]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild a record from `to_dict` output. Unknown keys are ignored, missing ones take their default."""
        return cls(
            **{
                name: data[name] if annotation is None else _from_plain(data[name], annotation)
                for name, annotation in _converted(cls)  # type: ignore[arg-type]
                if name in data
            }
        )


@dataclass(frozen=True, slots=True)
class Section(Record):
    """A range of the document text with one role and one default speaker.

    A body that is interrupted by headings or page furniture is several sections. Headings and
    furniture (share buttons, reply forms, tag lists) lie in no section.
    """

    start: int
    end: int
    role: Role
    speaker: str | None = None
    """Canonical name of who asserts what nobody else is quoted for; None when not known."""
    heading: str | None = None
    """The heading above the section, for context."""


@dataclass(frozen=True, slots=True)
class Document(Record):
    """One article: immutable text with metadata. The SHA-256 of the text is its identity."""

    id: str = ""
    """As given; none is made into the first 16 hex digits of `sha256`."""
    text: str = ""
    title: str | None = None
    author: str | None = None
    published: date | None = None
    """Publication date: the anchor against which relative times resolve."""
    url: str | None = None
    sections: tuple[Section, ...] = ()
    """In text order, not overlapping."""
    source: str | None = None
    """Where the input came from: a path as given, `-` for standard input, or a WARC record id."""
    language: str | None = None
    pages: tuple[int, ...] = ()
    """Offsets at which the pages of the source begin, from the first on; empty where it has none."""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", self.sha256[:16])

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the UTF-8 text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def page_at(self, offset: int) -> int | None:
        """Return the number of the page that the code point at `offset` stands on, from 1; None where there are no pages."""
        return bisect_right(self.pages, offset) or None

    def section_at(self, offset: int) -> Section | None:
        """Return the section that holds the code point at `offset`, or None for furniture and headings."""
        k = bisect_right(self.sections, offset, key=lambda section: section.start) - 1
        return self.sections[k] if k >= 0 and offset < self.sections[k].end else None


@dataclass(frozen=True, slots=True)
class Quantity(Record):
    """A mention of a quantity, claim or not."""

    start: int
    end: int
    text: str
    value: float | None = None
    """The number in `unit`; None for a range (its ends stand in `value_low`, `value_high`)."""
    value_low: float | None = None
    value_high: float | None = None
    bound: Bound = "="
    change: Change | None = None
    unit: str | None = None
    """ISO 4217, UCUM, or the singular counted noun; compound with `/`; `1` for a bare ratio or factor."""
    unit_text: str | None = None
    dimension: str | None = None
    """`money`, `share`, `count`, `length`, `mass`, `time`, `temperature`, ..."""
    subject: str | None = None
    """The concept that is measured, in the document's words."""
    number_start: int | None = None
    number_end: int | None = None
    """Offsets of the digits or number words alone, inside `start`..`end`."""
    role: Literal["quantity", "definite", "idiom", "vague"] = "quantity"
    """`definite`: a count of things already introduced ("the two countries"); `idiom`: "one of the few", "one day";
    `vague`: an amount without a number ("millions of"), with the ends that the word can mean."""
    rule: str | None = None
    direction: Change | None = None
    """`change` in the wide sense of the claims table: also for a level reached ("rose to 9.7 %") and for an amount
    that a noun states ("a 3 % drop"); `change` itself is set only where a verb states the amount ("fell 3 %")."""
    factor: float | None = None
    """Where the mention keeps the written number of a subunit or fraction ("19 cents", "a third"): the claims table
    writes `value * factor` in `table_unit`. None: it writes `value` in `unit`."""
    table_unit: str | None = None
    parts: tuple[Quantity, ...] = ()
    """For a movement "from X to Y": the two values, which are rows of their own; empty otherwise."""


@dataclass(frozen=True, slots=True)
class TimeExpression(Record):
    """A TIMEX3 time expression, resolved against the publication date (ISO-TimeML, ISO 24617-1)."""

    start: int
    end: int
    text: str
    type: TimexType
    value: str
    mod: str | None = None
    """TIMEX3 `mod`: APPROX, START, MID, END, BEFORE, AFTER, LESS_THAN, MORE_THAN, ..."""
    time_start: date | None = None
    time_end: date | None = None
    """First and last day, both inclusive; None where no calendar day follows."""
    preposition: str | None = None
    """The word before it that sets its relation: `by`, `until`, `since`, `in`, ...; lower case."""
    rule: str | None = None
    range_start: date | None = None
    """First day of the whole range where this is one end of it ("from 2010 to 2012", "March or April of 2005")."""
    range_end: date | None = None
    """Last day of that range, inclusive."""


@dataclass(frozen=True, slots=True)
class ActorMention(Record):
    """One mention of an actor."""

    start: int
    end: int
    text: str
    label: ActorType
    actor_id: str
    acting: bool = False
    """True where a place name stands for its government ("Moscow hopes")."""


@dataclass(frozen=True, slots=True)
class Actor(Record):
    """A person, organisation, state or group with all names that the document uses for it."""

    actor_id: str
    name: str
    """Canonical name: the fullest form in the document, or the gazetteer's name of a state."""
    type: ActorType
    aliases: tuple[str, ...] = ()
    mentions: tuple[Offsets, ...] = ()
    documents: tuple[str, ...] = ()
    wikidata: str | None = None
    """Its item in Wikidata, such as `Q142`; None where it is not known."""
    code: str | None = None
    """ISO 3166-1 code of a state, symbol of a company on its exchange."""


@dataclass(frozen=True, slots=True)
class Attribution(Record):
    """Who (source) conveys (cue) what (content), after PolNeAR and BBC Citron; parts may be discontinuous."""

    source: tuple[Offsets, ...]
    cue: tuple[Offsets, ...]
    content: tuple[Offsets, ...]
    speaker: str | None = None
    """Canonical name of the source; None when it cannot be named."""
    speaker_type: str | None = None
    kind: Literal["direct", "indirect", "mixed", "belief"] = "indirect"
    """`belief` covers thinking, hoping and planning; `mixed` an indirect report with quoted parts."""
    parent: int | None = None
    """Index, in the document's list of attributions, of the attribution whose content holds this one."""
    rule: str | None = None
    asserting: bool = True
    """False where the source is not said to hold the content true or to mean to do it: support, opposition, wishes, questions."""

    @property
    def start(self) -> int:
        """First code point of all parts."""
        return min(s for part in (self.source, self.cue, self.content) for s, _ in part)

    @property
    def end(self) -> int:
        """End (exclusive) of all parts."""
        return max(e for part in (self.source, self.cue, self.content) for _, e in part)


@dataclass(frozen=True, slots=True)
class Prediction(Record):
    """A statement about what will, may or will not happen after the moment of speaking."""

    start: int
    end: int
    text: str
    trigger_start: int
    trigger_end: int
    """The words that make it a prediction ("will", "target", "is expected")."""
    subject: str | None = None
    predicate: str | None = None
    modality: str | None = None
    probability_low: float | None = None
    probability_high: float | None = None
    scale: str | None = None
    """Name of the published verbal-probability scale that the two figures come from; `stated`: the text gives them itself."""
    deadline: date | None = None
    time_text: str | None = None
    condition: str | None = None
    polarity: Polarity = "affirmed"
    rule: str | None = None
    event_start: int | None = None
    """Offset of the predicted event's predicate ("rise" in "will rise")."""
    subject_start: int | None = None
    """Offset of the head word of the subject."""
    chance_start: int | None = None
    """Offset of the figure that states the probability ("60 percent" in "a 60 percent chance of rain")."""


@dataclass(frozen=True, slots=True)
class SentenceScore(Record):
    """A sentence of a section with its check-worthiness and whether it speaks of the future."""

    start: int
    end: int
    text: str
    check_worthiness: float
    prediction: bool
    section: Role | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the claims table: its pandas dtype and what its values mean."""

    name: str
    dtype: Literal["string", "Float64", "Int64", "date", "boolean", "list"]
    description: str


def _column(
    dtype: Literal["string", "Float64", "Int64", "date", "boolean", "list"],
    description: str,
    default: Any = None,
) -> Any:
    return field(default=default, metadata={"dtype": dtype, "description": description})


@dataclass(frozen=True, slots=True)
class Claim(Record):
    """One row of the claims table: one atomic, checkable claim."""

    claim_id: str = _column(
        "string",
        "Stable: the same document text and the same extraction give the same id. It begins with a letter.",
        "",
    )
    kind: Kind = _column("string", "`quantitative` or `prediction`.", "quantitative")
    text: str = _column(
        "string", "The claim in the document's own words: the clause or sentence that makes it.", ""
    )
    subject: str | None = _column(
        "string", "What is measured, or what the prediction is about, with pronouns and ellipsis resolved."
    )
    subject_id: str | None = _column(
        "string",
        "`actor_id` of the state, organisation or person that the subject names; the first of several.",
    )
    predicate: str | None = _column("string", "Lemma of the verb or noun that relates subject and value.")
    bound: Bound | None = _column("string", "`=`, `~` (about), `<`, `<=` (at most), `>`, `>=` (at least).")
    value: float | None = _column("Float64", "The number in `unit`; empty for a range.")
    value_low: float | None = _column("Float64", "Lower end of a range.")
    value_high: float | None = _column("Float64", "Upper end of a range.")
    unit: str | None = _column(
        "string", "ISO 4217 code, UCUM code, or singular counted noun; compound with `/`."
    )
    unit_text: str | None = _column("string", "The unit as written.")
    dimension: str | None = _column("string", "`money`, `share`, `count`, `length`, `mass`, `time`, ...")
    change: Change | None = _column(
        "string", "`up`, `down`, `flat` when the value is a movement or reached by one."
    )
    time_text: str | None = _column("string", "The time that the claim is about, as written.")
    time_start: date | None = _column("date", "First day of that time.")
    time_end: date | None = _column("date", "Last day of that time, inclusive.")
    deadline: date | None = _column(
        "date", "Predictions: last day on which it can come true; empty when open-ended."
    )
    place: str | None = _column("string", "Where, when stated.")
    speaker: str | None = _column(
        "string", "Canonical name of who asserts it; the section's author when nobody is quoted."
    )
    speaker_id: str | None = _column(
        "string", "`actor_id` of the speaker: the same in all documents that mean the same one."
    )
    speaker_text: str | None = _column(
        "string", "The mention of the speaker as written; empty for the author."
    )
    cue: str | None = _column("string", "The attributing words as written; empty for the author.")
    speaker_type: str | None = _column("string", "`PERSON`, `ORG`, `GPE`, `NORP`, or `author`.")
    polarity: Polarity = _column("string", "`affirmed` or `negated`.", "affirmed")
    modality: str | None = _column(
        "string", "The words that carry certainty, as written; empty if plainly asserted."
    )
    probability_low: float | None = _column(
        "Float64",
        "Lower end of the modality on a published verbal-probability scale, or as the text states it.",
    )
    probability_high: float | None = _column("Float64", "Upper end of it.")
    probability_scale: str | None = _column(
        "string",
        "Name of that scale: `icd203` or `ipcc_ar5`, whose figures do not compare; `stated` where the text itself says how probable.",
    )
    condition: str | None = _column("string", "The if-, unless-, depending-clause, when stated.")
    check_worthiness: float | None = _column(
        "Float64", "0-1: how much a fact-checker should look at it first."
    )
    confidence: float | None = _column("Float64", "0-1: how sure the extractor is of the row.")
    doc_id: str = _column("string", "Id of the document.", "")
    title: str | None = _column("string", "Title of the document.")
    url: str | None = _column("string", "Address of the document.")
    author: str | None = _column("string", "Byline author of the document.")
    published: date | None = _column("date", "Publication date of the document.")
    section: Role | None = _column("string", "`title`, `standfirst`, `body`, `author_bio`, or `comment`.")
    page: int | None = _column("Int64", "Page of the source that it begins on, from 1; PDF only.")
    start: int = _column("Int64", "Offset of the first code point of `text` in the document text.", 0)
    end: int = _column("Int64", "Offset after the last code point of `text`.", 0)
    prefix: str = _column("string", "Up to 32 characters before it.", "")
    suffix: str = _column("string", "Up to 32 characters after it.", "")
    rule: str | None = _column("string", "Which rule or model produced it, with its version.")
    status: Status = _column(
        "string", "`extracted`, `accepted`, `corrected`, `rejected`, or `added` (by a person).", "extracted"
    )
    verdict: Verdict | None = _column("string", "`supported`, `refuted`, `mixed`, `unverifiable`, or empty.")
    evidence_url: str | None = _column("string", "Where the evidence for the verdict stands.")
    note: str | None = _column("string", "The reviewer's note.")
    reviewer: str | None = _column("string", "Who reviewed it.")
    reviewed_at: str | None = _column("string", "When, ISO 8601 in UTC.")


COLUMNS: tuple[Column, ...] = tuple(
    Column(f.name, f.metadata["dtype"], f.metadata["description"]) for f in fields(Claim)
)
"""The columns of the claims table, in order."""

CONTEXT_CHARS = 32
"""Length of `prefix` and `suffix` in code points (W3C TextQuoteSelector; long enough to be unique in an article)."""


@dataclass(frozen=True, slots=True)
class Annotation(Record):
    """One person's finished work on one task, as it came back.

    Three different things: submitted with an empty `result` (reviewed, and nothing is there), skipped
    (`outcome`), and not reviewed (there is no annotation). Drafts and predictions are no annotations.
    """

    annotation_id: str
    """Stable: a UUID of version 5 made from where it came from, so that the same one never comes in twice."""
    doc_id: str
    doc_sha256: str
    """Hash of the text that the person saw: every offset below is into that text."""
    reviewer: str
    """E-mail address or name."""
    created_at: str
    """ISO 8601 in UTC, as all times here."""
    updated_at: str
    """Of two states of one annotation the one with the later time holds."""
    origin: str
    """Where it came from, such as `label-studio:<server>/project/3/task/17/annotation/42`."""
    outcome: Outcome = "submitted"
    task_key: str | None = None
    """Key of the task it answers; None where it came from a task that is not ours."""
    lead_time: float | None = None
    """Seconds that the person spent on it."""
    extractor: str | None = None
    """Version of the extractor whose prediction the person saw; None where there was none."""
    result: tuple[dict[str, Any], ...] = ()
    """The items of the annotation, verbatim."""
    shown: tuple[str, ...] | None = None
    """Ids of the claims that the person is known to have been shown; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Review(Record):
    """What one person said about one claim in one annotation."""

    review_id: str
    """Stable: a UUID of version 5 made from the annotation's id and the region's."""
    annotation_id: str
    doc_id: str
    doc_sha256: str
    claim_id: str
    """Id of the extracted claim; for one added by hand a stable id made from the region."""
    decision: Decision
    start: int
    end: int
    exact: str
    """The claim's words as the person left them, taken from the document by the offsets."""
    reviewer: str
    reviewed_at: str
    origin: str
    fields: dict[str, Any] = field(default_factory=dict)
    """Column → JSON-ready value of what the person changed, None for what was emptied; for `added` all that was given.

    The place (`text`, `start`, `end`, `prefix`, `suffix`) stands in the record's own fields, the verdict too.
    """
    verdict: Verdict | None = None
    evidence_url: str | None = None
    note: str | None = None
    prefix: str = ""
    """Up to `CONTEXT_CHARS` characters before it, to find it again in a changed text."""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class ReviewedSpan(Record):
    """A labelled span as a person left it: the claim, or one of its parts."""

    annotation_id: str
    region_id: str
    label: str
    """`Claim`, `Subject`, `Quantity`, `Time`, `Speaker`, `Cue`, `Condition` or `Actor`."""
    start: int
    end: int
    text: str
    origin: SpanOrigin = "manual"
    attributes: dict[str, Any] = field(default_factory=dict)
    """Per-region fields: control name → JSON-ready value."""


@dataclass(frozen=True, slots=True)
class ReviewedRelation(Record):
    """A relation between two spans of one annotation, as a person left it."""

    annotation_id: str
    from_id: str
    to_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Submission(Record):
    """An annotation with all that was read from it: what goes into the store as one."""

    annotation: Annotation
    reviews: tuple[Review, ...] = ()
    spans: tuple[ReviewedSpan, ...] = ()
    relations: tuple[ReviewedRelation, ...] = ()


@dataclass(frozen=True, slots=True)
class Task(Record):
    """A part of a document that is out, or about to go out, for review."""

    task_key: str
    """Stable: the same part of the same text for the same annotator gives the same key."""
    doc_id: str
    doc_sha256: str
    start: int
    end: int
    """The part of the text that the task shows."""
    server: str
    """Address of the server, without credentials; `file:` tasks go by hand."""
    project: str
    content_hash: str
    """Hash of what was sent, which tells whether it has to be sent again."""
    annotator: str | None = None
    """Who alone is to work on it, in a blind double annotation; None for anybody."""
    remote_id: str | None = None
    """The server's id of it; None while not known to be there."""
    pushed_at: str | None = None
    """When it was last sent, ISO 8601 in UTC."""
    state: TaskState = "pending"
    """`pending`: not known to be on the server; `pushed`: there; `gone`: was there, and no longer is."""
    claims: tuple[Claim, ...] = ()
    """The claims that the task shows, as they were before anybody changed them: what a review is a change of."""
    claim_id: str | None = None
    """The claim that the task asks about alone; None: it asks about all of its part of the text."""


@dataclass(frozen=True, slots=True)
class FoundRow(Record):
    """A row that a finding rests on, with what one needs to look at it."""

    claim_id: str
    text: str
    doc_id: str
    title: str | None = None
    published: date | None = None
    url: str | None = None
    speaker: str | None = None

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """Return the row of a claim."""
        return cls(
            claim_id=claim.claim_id,
            text=claim.text,
            doc_id=claim.doc_id,
            title=claim.title,
            published=claim.published,
            url=claim.url,
            speaker=claim.speaker,
        )


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """Something that a fact-checker should look at."""

    finding_id: str
    """Stable: the same check of the same rows gives the same id, so that two runs compare."""
    check: CheckName
    reason: str
    """Why, in a sentence that shows the calculation or the comparison."""
    rows: tuple[FoundRow, ...]
    link: str | None = None
    """Address of a published fact-check, where there is one."""
