"""The working record of a mention between lexing and `Quantity`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from claimtable.nlp.quantities.number import Number
from claimtable.schema import Bound, Change

Kind = Literal["money", "measure", "share", "count", "ratio", "age", "bare"]
Role = Literal["quantity", "definite", "idiom", "vague"]


@dataclass(slots=True)
class Mention:
    """A quantity over the tokens `first`..`last` (exclusive) of a `Lexed` text."""

    first: int
    last: int
    number: Number
    kind: Kind
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    unit_first: int = -1
    """Tokens of the unit as written; -1 where there is none."""
    unit_last: int = -1
    dimension: str | None = None
    family: str = ""
    """The currency family whose bare sign was used: the article may say which one is meant."""
    bound: Bound = "="
    change: Change | None = None
    direction: Change | None = None
    role: Role = "quantity"
    rules: list[str] = field(default_factory=list)
    attributive: bool = False
    """Joined to its noun by a hyphen: "3-inch"."""
    named: bool = False
    """Looks like the number of a name ("Boeing 747"); the parse may think otherwise."""
    factor: float | None = None
    """With `table_unit`: what the claims table writes is `value * factor` in `table_unit`."""
    table_unit: str | None = None
    parts: tuple[Mention, ...] = ()
    """The two values of a movement from one to the other."""
