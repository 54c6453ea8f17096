"""Turns of a talk: labels that say who speaks from there on, in transcripts, interviews, hearings and headed statements.

    SEN. COLLINS: We have …          Q. How many?          Mr Smith (Leeds): I beg to move …
    Mr. HOYER. Madam Speaker, …      Jane Doe              MODERATOR
                                     Chief Financial Officer
                                     Thank you. Revenue …

What stands before a colon is a speaker where more speaks for it than the colon: an office, a title, a name that the
text has in full, the same label again, somebody who says "I". `rules/data/turn_labels.tsv` has the patterns.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from claimtable.reading.names import first_names, full_name, is_name_word, office_words, without_titles
from claimtable.rules import table

_LINE = re.compile(r"[^\n]+")
_PERSON = re.compile(r"\b(?:I|we|We|my|My|our|Our|us|me|you|You|your|I'm|I've|we're)\b")
_SENTENCE = re.compile(r"[.!?…)\]\"—-]\s*$")
_LOWER_WORD = re.compile(r"\b[a-z]{2,}\b")
_OFFICE_BREAK = re.compile(r",| [–—|/-]{1,2} | / ")
_NUMBERED = re.compile(
    r"(?:speaker|participant|person|voice|respondent|interviewee|panelist|student) ?[#\d]\d?", re.IGNORECASE
)
_QUESTION = re.compile(r"q\d{1,2}")
_ANSWER = re.compile(r"a\d{1,2}")
_NO_NAME = re.compile(r"[\[\]:;!?/\d]")
_ASK_SHARE = 0.6
"""Who asks in this share of the turns is the interviewer."""
_FEW_WORDS = 3
"""Fewer words behind a label are an entry of a list."""
_SPEECH_WORDS = 8
"""A line of as many words below a name is what that person says."""
_MOST_LABEL_WORDS = 7
_MOST_NAMES = 60
"""Labels whose full names are looked for in the text: each search goes through all of it."""
_FIRST_LINES = 3
"""In as many lines from the top a name alone is a byline, not a speaker."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says at one go; half-open ranges of code points in the text."""

    label_start: int
    label_end: int
    """Of the label with colon, office and all."""
    start: int
    end: int
    label: str
    """The label as written."""
    speaker: str | None
    """Full name; None where the label names nobody ("Q.")."""
    asks: bool
    rule: str


@dataclass(frozen=True, slots=True)
class _Label:
    """A candidate: who a label may mean, and how much the label alone says for it."""

    line: int
    start: int
    end: int
    text: str
    key: str
    words: tuple[str, ...]
    part: str
    """`asks` or `speaks` for a label by office, "" for a name."""
    strong: bool
    speech: str
    """What follows on the line, or on the next where the label stands alone."""
    alone: bool
    rule: str


def find_turns(text: str, *, title: str | None = None, author: str | None = None) -> list[Turn]:
    """Return the turns of a text in order; each ends where the next begins, or the text.

    Args:
        text: the text as it reads, one line for each logical one.
        title: title of the document, which may name who is interviewed.
        author: who wrote it.
    """
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if not m.group().isspace()]
    found = [*_inline(text, lines), *_headed(text, lines)]
    if not found:
        return []
    found.sort(key=lambda c: c.start)
    accepted = _accepted(found, text, title or "")
    texts = [t for t in (title, author, text) if t]
    speakers = {c.key: c for c in accepted if c.words}
    names = {
        key: full_name(list(c.words), texts if k < _MOST_NAMES else ())
        for k, (key, c) in enumerate(speakers.items())
    }
    if author and not names and len({c.key for c in accepted if c.part == "speaks"}) == 1:
        names = {c.key: author for c in accepted if c.part == "speaks"}  # who gives a speech is its author
    interviewee = _interviewee(accepted, title or "", names)
    asking = _asking(accepted)
    turns: list[Turn] = []
    for k, c in enumerate(accepted):
        end = accepted[k + 1].start if k + 1 < len(accepted) else len(text)
        asks = c.part == "asks" or c.key in asking
        speaker = names.get(c.key) or _of_office(c, interviewee)
        start = c.end
        while start < end and text[start].isspace():
            start += 1
        turns.append(Turn(c.start, c.end, start, end, c.text, speaker, asks, c.rule))
    return turns


def _inline(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[_Label]:
    """Yield the candidates that open a line."""
    for k, (start, end) in enumerate(lines):
        for rule, pattern in _patterns():
            match = pattern.match(text, start, end)
            if match is None:
                continue
            speech = text[match.end() : end].strip()
            alone = not speech
            if alone and k + 1 < len(lines):
                speech = text[slice(*lines[k + 1])].strip()
            label = _read(match["label"].strip(), k, start, match.end(), speech, alone=alone, rule=rule)
            if label is not None:
                yield label
                break


def _headed(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[_Label]:
    """Yield the candidates that stand on a line of their own: a name, with an office beside or below it."""
    for k in range(_FIRST_LINES, len(lines) - 1):
        line = text[slice(*lines[k])].strip()
        if len(line) > 90 or line[-1] in ".!?:;," or not is_name_word(line.split()[0]):
            continue
        below = k + 1
        second = text[slice(*lines[below])].strip()
        office = _OFFICE_BREAK.search(line) is not None and _is_office(line)
        if (
            below + 1 < len(lines)
            and _is_office(second)
            and len(second.split()) <= 12
            and not _SENTENCE.search(second)
        ):
            office, below = True, below + 1
        speech = text[slice(*lines[below])].strip()
        if len(speech.split()) < _SPEECH_WORDS or not _SENTENCE.search(speech):
            continue
        label = _read(line, k, lines[k][0], lines[below - 1][1], speech, alone=True, rule="turn.headed")
        if label is not None and (label.part or _is_person(label, line)):
            yield replace(label, strong=label.strong or office)


def _is_person(label: _Label, line: str) -> bool:
    """Return whether a line of its own names a person: with a title, or by first name and surname."""
    titled = without_titles(_OFFICE_BREAK.split(line)[0].split())[1]
    return titled or (
        1 < len(label.words) < _MOST_LABEL_WORDS - 2 and label.words[0].lower() in first_names()
    )


def _is_office(text: str) -> bool:
    words = {w.strip(".,()").lower() for w in text.split()}
    return not words.isdisjoint(office_words())


def _read(
    label: str, line: int, start: int, end: int, speech: str, *, alone: bool, rule: str
) -> _Label | None:
    """Return a label as a candidate; None where it cannot name a speaker."""
    part = _office_label(label)
    if part:
        key = label.lower()
        return _Label(line, start, end, label, key, (), part, True, speech, alone, rule)
    head = _OFFICE_BREAK.split(label)[0].strip()
    if len(label.split()) > 14 or (head != label and not _is_office(label[len(head) :])):
        return None
    words, titled = without_titles(head.split())
    if (
        not 1 <= len(words) <= _MOST_LABEL_WORDS - 2
        or not all(map(is_name_word, words))
        or _NO_NAME.search(head)
    ):
        return None
    if (
        head.lower() in _words("no_label")
        or words[0].lower() in _words("no_label")
        or words[-1].lower() in _words("no_label")
    ):
        return None
    while len(words) > 2 and words[-2] == "of":
        words = words[:-2]
    if words[-1].lower() in ("i", "ii", "ed.") or words[-1].lower() in office_words():
        return None
    key = words[-1].strip(".").casefold()
    strong = titled or head != label
    return _Label(line, start, end, label, key, tuple(words), "", strong, speech, alone, rule)


def _office_label(label: str) -> str:
    """Return `asks` or `speaks` for a label by office or part in the talk, "" for others."""
    plain = label.rstrip(".").lower()
    if plain in _words("asks") or _QUESTION.fullmatch(plain):
        return "asks"
    if plain in _words("speaks") or _NUMBERED.fullmatch(plain) or _ANSWER.fullmatch(plain):
        return "speaks"
    return ""


def _accepted(found: Sequence[_Label], text: str, title: str) -> list[_Label]:
    """Return the candidates that are labels, one for a line."""
    groups: dict[str, list[_Label]] = defaultdict(list)
    for c in found:
        groups[c.key].append(c)
    speaking = {key for key, group in groups.items() if any(map(_is_speech, group))}
    sure = _sure(groups, found, text, title)
    if sure:
        # Beside others that are labels, a name that is written like them and speaks is one.
        likes = {_manner(groups[key][0]) for key in sure}
        sure |= {key for key in speaking if _is_like(groups[key][0], likes)}
    out: list[_Label] = []
    for c in found:
        if c.key in sure and (not out or c.line > out[-1].line):
            out.append(c)
    headed = [c for c in out if c.rule == "turn.headed"]
    if len(headed) == 1 and not (_PERSON.search(headed[0].speech) and headed[0].strong):
        out.remove(headed[0])
    return out


def _sure(groups: dict[str, list[_Label]], found: Sequence[_Label], text: str, title: str) -> set[str]:
    """Return the labels that speak for themselves: by an office, a title, a full name, or by coming again and addressing somebody."""
    asked = any(c.part == "asks" and c.speech.endswith("?") for c in found)
    sure: set[str] = set()
    capitals: set[str] = set()
    names_left = _MOST_NAMES
    for key, group in groups.items():
        speaking = sum(map(_is_speech, group))
        if 2 * speaking < len(group) or not speaking or (key in ("a", "q") and not asked):
            continue
        first = group[0]
        addressed = any(_PERSON.search(c.speech) or "?" in c.speech for c in group)
        if any(c.strong for c in group) or (addressed and len(group) > 1):
            sure.add(key)
        elif addressed and names_left:
            names_left -= 1
            if _is_named(first, text, title):
                sure.add(key)
        if first.words and all(w.isupper() for w in first.words):
            capitals.add(key)
    if len(capitals) > 1 and any(_PERSON.search(c.speech) for key in capitals for c in groups[key]):
        sure |= capitals
    return sure


def _manner(c: _Label) -> tuple[str, bool | None]:
    """Return how a label is written: its pattern, and whether it is a name in capitals; None for an office."""
    return c.rule, all(w.isupper() for w in c.words) if c.words else None


def _is_like(c: _Label, likes: set[tuple[str, bool | None]]) -> bool:
    """Return whether a candidate is written like labels that are sure, or stands beside questions and offices."""
    if not c.words:
        return False
    manner = _manner(c)
    return manner in likes or (c.rule, None) in likes or ("turn.question", None) in likes


def _is_speech(c: _Label) -> bool:
    """Return whether what follows a label is said, not the entry of a list."""
    words = len(c.speech.split())
    return (
        words >= 1
        and _LOWER_WORD.search(c.speech) is not None
        and (words >= _FEW_WORDS or c.part != "" or c.strong)
        and (_SENTENCE.search(c.speech) is not None or _PERSON.search(c.speech) is not None)
    ) or (words <= _FEW_WORDS and c.speech.endswith((".", "!", "?")))


def _is_named(c: _Label, text: str, title: str) -> bool:
    """Return whether the text or its title has a person's full name that ends like the label."""
    if not c.words:
        return False
    if len(c.words) > 1:
        return c.words[0].lower() in first_names() or text.count(" ".join(c.words)) > 1
    return len(full_name(list(c.words), [title, text]).split()) > 1


def _asking(accepted: Sequence[_Label]) -> set[str]:
    """Return the labels of those who mostly ask."""
    turns = Counter(c.key for c in accepted)
    questions = Counter(c.key for c in accepted if c.speech.rstrip("\"' ").endswith("?"))
    return {key for key, n in turns.items() if n > 1 and questions[key] >= _ASK_SHARE * n}


def _interviewee(accepted: Sequence[_Label], title: str, names: dict[str, str]) -> str | None:
    """Return the one person whom a title names, for labels such as "A."."""
    words = title.replace(",", " ,").split()
    people = [
        " ".join(words[k : k + n])
        for k, word in enumerate(words)
        if word.lower() in first_names()
        for n in (3, 2)
        if len(words) >= k + n and all(w[0].isupper() and w.strip(".'").isalpha() for w in words[k : k + n])
    ]
    return people[0] if people and not any(c.words for c in accepted) else None


def _of_office(c: _Label, interviewee: str | None) -> str | None:
    """Return the speaker of a label by office: the office itself, or who is interviewed."""
    plain = c.text.rstrip(".").lower()
    if plain in ("a", "answer", "interviewee", "respondent", "guest") or _ANSWER.fullmatch(plain):
        return interviewee
    if plain in ("q", "question") or _QUESTION.fullmatch(plain):
        return None
    return c.text.title() if any(w.isupper() and len(w) > 2 for w in c.text.split()) else c.text


@functools.cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(r["word"] for r in table("turn_words", "class", "word", "source") if r["class"] == kind)


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = table("turn_labels", "manner", "pattern", "source")
    return tuple((row["id"], re.compile(row["pattern"])) for row in rows)
