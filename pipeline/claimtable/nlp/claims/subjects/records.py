"""What is known of a figure's subject, and what earlier sentences leave to those that point back to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_TOKENS = 24
"""Longest subject in tokens; a longer phrase is cut back to its core. Of 1,664 gold subjects and accepted variants the longest has
21, the second longest 17 (spaCy's English tokens)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The measured thing of one figure."""

    text: str | None
    head: int | None
    """Token of its head noun, None when it was taken over from another sentence."""
    predicate: int | None
    """Token of the verb or noun that relates it to the figure."""
    resolved: bool = True
    """False when a pronoun or an ellipsis could not be resolved."""
    unit: str | None = None
    """Unit taken over from what a bare number points back to."""
    dimension: str = "count"
    """Dimension of that unit."""
    goes_on: bool = False
    """Whether the figure goes on a series, and shares the verb of the figure before it."""
    told: bool = False
    """Whether nothing names it: it is known by what it does alone ("those who agreed")."""
    core: str | None = None
    """The text without what is said of the things counted, None where it is the same."""
    line: str | None = None
    """Id of the line that chose it."""
    margin: float = 0.0
    """By how much it beat the best other; infinite where none differs, 0 where nothing competed."""
    agreeing: int = 0
    """How many other lines proposed it."""
    others: tuple[tuple[str, float], ...] = ()
    """What else lines proposed, the best first, each with how far its score lies below."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a sentence was about: a phrase that a later pronoun or bare number may point back to."""

    text: str
    core: str
    """The things that it counts, without what is said of them; else the text."""
    unit: str | None
    """Counted noun of the core, where that is a plural."""
    plural: bool
    person: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure that has its subject: what a later pronoun, comparison or bare number may measure again."""

    subject: str
    unit: str | None
    dimension: str | None
    paragraph: int
    kind: str | None = None
    """What the subject says of somebody named, without the name: "sales" of "Ford sales"; None where it names nobody."""
    told: bool = False
    """Whether the subject is known by what it does alone, which is this figure's own."""


@dataclass(slots=True)
class Memory:
    """What earlier sentences of the section were about."""

    paragraph: int = -1
    topics: tuple[Topic, ...] = ()
    """Of the last sentence of the paragraph that had any, the most prominent first."""
    series: tuple[Measured, ...] = ()
    """The figures of the last sentence of the section that had any."""

    last: dict[str, Measured] = field(default_factory=dict)
    """The last figure of each dimension that the section has had."""
    mentioned: Topic | None = None
    """The last things, in the plural, that the sentence before named in any place."""
    older: tuple[Topic, ...] = ()
    """The topics of the paragraph before."""
    current: list[Measured] = field(default_factory=list)
    """The figures of this sentence so far."""

    @property
    def topic(self) -> Topic | None:
        """The most prominent topic."""
        return self.topics[0] if self.topics else None

    def somebody(self) -> Topic | None:
        """Return the most prominent topic that is a person."""
        return next((topic for topic in self.topics if topic.person and not topic.plural), None)

    def agreeing(self, *, plural: bool) -> Topic | None:
        """Return the most prominent topic that "they", or "it", can stand for, or None."""
        return next(
            (topic for topic in self.topics if topic.plural == plural and (plural or not topic.person)), None
        )

    def counted(self) -> Topic | None:
        """Return what a bare number counts: the first topic that is a plural, else the first of all."""
        return self.agreeing(plural=True) or self.topic

    def measured(self, dimension: str | None) -> Measured | None:
        """Return the last figure of that dimension (None: of any) that the paragraph has before this sentence, or None."""
        return last_measured(self.series, dimension, self.paragraph)

    def share(self) -> Measured | None:
        """Return the last share of this sentence so far: "43 % of voters support her, 42 % support him"."""
        return last_measured(self.current, "share", self.paragraph)

    def before(self) -> Topic | None:
        """Return the topic of the paragraph before that "they" can stand for, or None."""
        return next((topic for topic in self.older if topic.plural), None)

    def enter(self, paragraph: int) -> None:
        """Forget the topics of another paragraph."""
        if paragraph != self.paragraph:
            self.paragraph, self.topics, self.older = paragraph, (), self.topics or self.older
            self.mentioned = None


def last_measured(series: Sequence[Measured], dimension: str | None, paragraph: int) -> Measured | None:
    """Return the last of the figures of the paragraph that has the dimension (None: any), or None."""
    return next(
        (
            m
            for m in reversed(series)
            if m.paragraph == paragraph and (dimension is None or m.dimension == dimension)
        ),
        None,
    )
