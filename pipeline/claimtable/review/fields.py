"""What the labelling configuration calls things, and how a value of the claims table is written for it and read back.

The configuration itself is `annotations/labelling_config.xml`. Labels, relations and controls are named there and
here; a test compares the two.
"""

from __future__ import annotations

import contextlib
import functools
import math
import re
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from claimtable.errors import ReviewError
from claimtable.schema import ActorType, Change, Kind, Polarity, Verdict

LABELS = ("Claim", "Subject", "Quantity", "Time", "Speaker", "Cue", "Condition", "Actor")
PARTS = ("Subject", "Quantity", "Time", "Speaker", "Cue", "Condition")
"""Labels of what a claim is made of; a relation named like the label ties each to its claim."""
TEXT_COLUMNS = {"Time": "time_text", "Speaker": "speaker_text", "Cue": "cue", "Condition": "condition"}
"""Label of a part → the column that holds its words."""

LABEL_CONTROL = "label"
TEXT_OBJECT = "text"

CLAIM_CONTROLS = {
    "kind": "choices",
    "subject": "textarea",
    "speaker": "textarea",
    "bound": "choices",
    "value": "number",
    "value_low": "number",
    "value_high": "number",
    "unit": "textarea",
    "change": "choices",
    "polarity": "choices",
    "modality": "textarea",
    "time_start": "datetime",
    "time_end": "datetime",
    "deadline": "datetime",
    "verdict": "choices",
    "evidence_url": "textarea",
    "note": "textarea",
}
"""Control of a claim, named like its column → the type of its items."""
ACTOR_CONTROLS = {"actor_name": "textarea", "actor_type": "choices"}
DECISION = "decision"
"""Control of a claim: what the reviewer makes of it."""
CONTROLS = CLAIM_CONTROLS | ACTOR_CONTROLS | {DECISION: "choices"}
VERDICT_COLUMNS = ("verdict", "evidence_url", "note")
"""What the reviewer found, as against what the text says: setting them corrects nothing."""

CHOICES: Mapping[str, Mapping[str, str]] = {
    "bound": {
        "=": "exactly",
        "~": "about",
        "<": "less than",
        "<=": "at most",
        ">": "more than",
        ">=": "at least",
    },
}
"""Control → value in the table → the word on the screen, where the two differ."""

VALUES: Mapping[str, frozenset[str]] = {
    "kind": frozenset(get_args(Kind)),
    "bound": frozenset(CHOICES["bound"]),
    "change": frozenset(get_args(Change)),
    "polarity": frozenset(get_args(Polarity)),
    "verdict": frozenset(get_args(Verdict)),
    "actor_type": frozenset(get_args(ActorType)),
    DECISION: frozenset(("right", "wrong", "unsure")),
}
"""Control → the values that it may have; any other is of a changed configuration."""

REPLACEMENT = "\ufffd"
WORD_JOINER = "\u2060"
_UNSENDABLE = {
    # The browser takes a byte order mark for white space: no span can be made right after one.
    0xFEFF: WORD_JOINER,
    # PostgreSQL, which a server may store in, refuses it.
    0x0000: REPLACEMENT,
    # Half a surrogate pair cannot be sent as UTF-8.
    **dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT),
}
_CARRIAGE_RETURN = re.compile(r"\r(\n?)")


def sendable(text: str) -> str:
    """Return the text with each code point that cannot be sent or shown replaced by one that can; offsets hold."""
    return text.translate(_UNSENDABLE)


def on_screen(text: str) -> str:
    """Return the sendable text as a screen shows it best; offsets hold.

    Label Studio breaks the line at a carriage return and again at the line feed after it.
    """
    return _CARRIAGE_RETURN.sub(lambda match: " \n" if match[1] else "\n", sendable(text))


By = Literal["claim", "article"]
"""What one task of a project is."""
_CONFIGS: Mapping[By, str] = {"claim": "labelling_config_claim.xml", "article": "labelling_config.xml"}


@functools.cache
def labelling_config(by: By = "article") -> str:
    """Return the labelling configuration of a project, XML.

    Raises:
        ReviewError: the file is missing.
    """
    installed = Path(str(resources.files("claimtable"))) / "_review" / _CONFIGS[by]
    checkout = Path(__file__).parents[3] / "annotations" / _CONFIGS[by]
    for path in (installed, checkout):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise ReviewError(f"the labelling configuration is missing: neither {installed} nor {checkout} is there")


def plain(column: str, value: Any) -> Any:
    """Return a value of the table as it is compared and kept in a review: JSON-ready, without empty texts.

    None where the control cannot show the value: a number that is none, an empty text.
    """
    if isinstance(value, date):
        return value.isoformat()
    kind = CONTROLS.get(column)
    if kind == "number":
        return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
    if kind == "textarea" and value is not None:
        return sendable(str(value)).strip() or None
    return value


def control_value(control: str, value: Any) -> dict[str, Any]:
    """Return the part of an item's `value` that holds the (plain, not empty) value of a control."""
    kind = CONTROLS[control]
    if kind == "choices":
        return {"choices": [CHOICES.get(control, {}).get(value, value)]}
    if kind == "textarea":
        return {"text": [value]}
    return {kind: value}


def read_control(control: str, value: Mapping[str, Any]) -> Any:
    """Return the plain value of a control from an item's `value`; None where it is empty.

    What other tools write is read too: one string where a list is usual, a number as a string.

    Raises:
        ValueError: it is none that the control can have; says so in words.
    """
    kind = CONTROLS[control]
    content = value.get({"textarea": "text"}.get(kind, kind))
    if content is None or content == []:
        return None
    if kind in ("choices", "textarea"):
        return plain(control, _read_words(control, content))
    if kind == "datetime":
        return read_date(control, content)
    return read_number(control, content)


def words_of(content: Any) -> list[str]:
    """Return a list of strings, also from a string alone.

    Raises:
        ValueError: it is something else.
    """
    words = [content] if isinstance(content, str) else content
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{content!r} is no list of texts")
    return words


def _read_words(control: str, content: Any) -> str:
    words = words_of(content)
    if control not in VALUES:
        return "\n".join(words)
    names = {word: name for name, word in CHOICES.get(control, {}).items()}
    if len(words) != 1 or names.get(words[0], words[0]) not in VALUES[control]:
        raise ValueError(f"{control} cannot be {', '.join(words)!r}")
    return names.get(words[0], words[0])


def read_number(name: str, content: Any) -> float:
    """Return a number, also from a string.

    Raises:
        ValueError: it is none.
    """
    number = math.nan
    if isinstance(content, int | float | str) and not isinstance(content, bool):
        with contextlib.suppress(ValueError, OverflowError):
            number = float(content)
    if not math.isfinite(number):
        raise ValueError(f"{name} cannot be {content!r}: it is no number")
    return number


def read_date(name: str, content: Any) -> str:
    """Return a day, ISO 8601, also from one with a time of day behind it.

    Raises:
        ValueError: it is none.
    """
    try:
        return date.fromisoformat(content[:10]).isoformat()
    except (TypeError, ValueError):
        raise ValueError(f"{name} cannot be {content!r}: it is no day such as 2024-05-31") from None
