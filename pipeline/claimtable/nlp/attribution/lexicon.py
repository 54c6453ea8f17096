"""The words that attribute, from `rules/data/reporting_verbs.tsv` and `reporting_phrases.tsv`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import cast

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp.attribution.drafts import Sense

FRAMES = ("addressee", "clause", "inf", "np", "quote")
CLASSES = ("preposition", "view", "noun", "hearsay", "datum", "work", "relay", "utterance", "manner", "act")
SENSES = ("say", "finding", "belief", "intention", "attitude")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of one of the two lexicons."""

    id: str
    frames: frozenset[str]
    """Frames of a verb; the class alone for any other word."""
    sense: Sense


@functools.cache
def verbs() -> dict[str, Entry]:
    """Return the reporting verbs by lemma.

    Raises:
        RuleError: a frame or kind that is not known.
    """
    out: dict[str, Entry] = {}
    for row in rules.table("reporting_verbs", "lemma", "frames", "kind", "source"):
        frames = frozenset(f.strip() for f in row["frames"].split(","))
        if not frames <= set(FRAMES) or row["kind"] not in SENSES:
            raise RuleError(f"rules/data/reporting_verbs.tsv: {row['id']} has an unknown frame or kind")
        out[row["lemma"]] = Entry(row["id"], frames, cast(Sense, row["kind"]))
    return out


@functools.cache
def phrases(kind: str) -> dict[str, Entry]:
    """Return the words of one class of `reporting_phrases.tsv`, lower case.

    Raises:
        RuleError: a class or kind that is not known.
    """
    out: dict[str, Entry] = {}
    for row in rules.table("reporting_phrases", "phrase", "class", "kind", "source"):
        if row["class"] not in CLASSES or row["kind"] not in SENSES:
            raise RuleError(f"rules/data/reporting_phrases.tsv: {row['id']} has an unknown class or kind")
        if row["class"] == kind:
            out[row["phrase"]] = Entry(row["id"], frozenset({kind}), cast(Sense, row["kind"]))
    return out


def entry_of(lemma: str, pos: str) -> Entry | None:
    """Return the line for a word as cue: of a verb among the verbs, of any other among the other words."""
    if pos == "VERB":
        return verbs().get(lemma)
    for kind in ("noun", "hearsay", "preposition", "view"):
        entry = phrases(kind).get(lemma)
        if entry is not None:
            return entry
    return None
