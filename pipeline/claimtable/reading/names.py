"""Who a label means: the full name that a text or its metadata gives for it."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable

from claimtable.rules import table

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])")
_CAPITAL = re.compile(r"[A-ZÀ-Þ]")
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "dos",
        "del",
        "della",
        "di",
        "du",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "bin",
        "ibn",
        "al",
        "el",
        "y",
        "e",
        "af",
        "av",
        "zu",
        "of",
    ]
)
_EDGE = ".,;:'\"()[]"
_MOST_WORDS = 5


@functools.cache
def titles() -> frozenset[str]:
    """Return the words that stand before a name, in lower case without a full stop."""
    rows = table("actor_words", "kind", "word")
    words = {r["word"].rstrip(".").lower() for r in rows if r["kind"] in ("title", "title_part")}
    return frozenset(
        words | {r["word"] for r in table("turn_words", "class", "word") if r["class"] == "title"}
    )


@functools.cache
def first_names() -> frozenset[str]:
    """Return first names in lower case."""
    return frozenset(row["name"].lower() for row in table("first_names", "name"))


@functools.cache
def office_words() -> frozenset[str]:
    """Return words of offices and professions in lower case."""
    rows = [r["word"].lower() for r in table("actor_words", "kind", "word") if r["kind"] == "role"]
    return frozenset(
        [*rows, *(r["word"] for r in table("turn_words", "class", "word") if r["class"] == "part")]
    )


def is_name_word(word: str) -> bool:
    """Return whether a word can be part of a person's name as written in a label."""
    bare = word.strip(_EDGE)
    return (
        bool(bare)
        and (_CAPITAL.match(bare) is not None or bare.lower() in _PARTICLES)
        and not any(c.isdigit() for c in bare)
    )


def without_titles(words: list[str]) -> tuple[list[str], bool]:
    """Return the words of a name behind its titles, and whether there were any."""
    k = start = int(len(words) > 1 and words[0] in ("The", "THE"))
    while k < len(words) and words[k].strip(_EDGE).lower() in titles():
        k += 1
    office = k
    while office < len(words) - 2 and words[office].lower() in office_words():
        office += 1
    if office > k and words[office].lower() in first_names():
        k = office  # "Finance Director Ada Holm"
    return (words[k:], True) if k > start else (words, False)


def in_small_letters(name: str) -> str:
    """Return a name in capitals as one writes it: "JOHN F. KERRY" → "John F. Kerry"."""
    words = name.split()
    if not all(w.isupper() or w.lower() in _PARTICLES for w in words) or all(
        len(w.strip(".")) < 2 for w in words
    ):
        return name
    small = " ".join(w.title() if len(w.strip(".")) > 1 and w.isupper() else w for w in words)
    return re.sub(r"\b(Mc|O'|D')([a-z])", lambda m: m[1] + m[2].upper(), small)


def full_name(words: list[str], texts: Iterable[str]) -> str:
    """Return the name of a label's words, in full where one of the texts has it.

    Args:
        words: the label without titles, such as ["KERRY"].
        texts: where to look, those that say most first.
    """
    texts = list(texts)
    if len(words) == 1 and "." not in words[0] and not words[0].isupper():
        parts = _CAMEL.sub(" ", words[0]).split()
        spaced = re.compile(r"\b" + r"[. ]*'?".join(map(re.escape, parts)) + r"\b")
        written = next((m.group() for text in texts for m in spaced.finditer(text) if " " in m.group()), None)
        if written is not None and len(parts) > 1:
            return written
        words = parts
    name = in_small_letters(" ".join(words))
    if len(words) > 1:
        return name
    pattern = re.compile(
        rf"((?:[^\W\d_][\w.'-]*[ ]){{1,{_MOST_WORDS}}})({re.escape(words[0])})\b(?!-)(,? (?:Jr|Sr|II|III)\b\.?)?",
        re.IGNORECASE,
    )
    found: Counter[str] = Counter()
    for text in texts:
        for match in pattern.finditer(text):
            before = _name_before(match[1].split())
            if before and _CAPITAL.match(match[2]):
                found[in_small_letters(" ".join([*before, match[2]]) + (match[3] or ""))] += 1
    if not found:
        return name
    # The most frequent person; of the forms of that name the longest.
    known = [n for n in found if n.split()[0].lower() in first_names()] or list(found)
    persons: Counter[str] = Counter()
    for n in known:
        persons[n.split()[0].lower()] += found[n]
    first = max(persons, key=lambda f: (persons[f], f))
    return max((n for n in known if n.split()[0].lower() == first), key=lambda n: (len(n), n))


def _name_before(words: list[str]) -> list[str]:
    """Return the first and middle names at the end of what stands before a surname."""
    out: list[str] = []
    for word in reversed(words):
        bare = word.rstrip(".,")
        if word.endswith(",") or not bare or (word.endswith(".") and len(bare) > 2):
            break
        if bare.lower() in titles() or not is_name_word(word) or bare.lower() in _not_first():
            break
        out.insert(0, word)
    while out and out[0].lower() in _PARTICLES:
        out.pop(0)
    return out


@functools.cache
def _not_first() -> frozenset[str]:
    """Return the words that open sentences, not names."""
    words = {row["form"] for row in table("function_words", "form")}
    no_name = {
        r["word"].lower() for r in table("actor_words", "kind", "word") if r["kind"] in ("no_name", "role")
    }
    return frozenset(words | no_name | {"like", "when", "yes", "no", "well"})
