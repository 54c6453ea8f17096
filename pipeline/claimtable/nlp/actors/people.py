"""Who a person's name means: full names, surnames, first names, titles and initials of one person put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from claimtable.nlp.actors.gazetteer import Gazetteer, fold


@dataclass(slots=True)
class Person:
    """A person of the document."""

    words: tuple[str, ...]
    """Folded words of the fullest name so far."""
    seen: list[int] = field(default_factory=list)
    """Numbers of the occurrences, in text order."""
    gender: str = ""
    """`male`, `female`, or "" when not known."""
    titles: set[str] = field(default_factory=set)
    """Folded titles that stood before the name."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A person's name at one place of the text."""

    name: str
    gender: str = ""
    """From the title before it."""
    title: str = ""
    """The folded title before it, "" without one."""


def words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name; "Strauss-Kahn" is one word, "Jr" and initials keep their letters."""
    return tuple(fold(name).replace("- ", "-").replace(" -", "-").split())


def link(occurrences: list[Occurrence], g: Gazetteer) -> list[Person]:
    """Put the occurrences, in text order, together by person.

    A full name joins the person with the same name, or one whose name differs by a middle name or an initial.
    A single word is the last full name before it that ends with it; else the last that begins with it
    (family name first, or a first name); else, in the same order, the first such name after it.
    """
    persons: list[Person] = []
    later: list[int] = []
    for number, occurrence in enumerate(occurrences):
        words = words_of(occurrence.name)
        if not words:
            continue
        if len(words) == 1:
            person = _before(persons, words[0], occurrence)
            if person is None:
                later.append(number)
                continue
        else:
            person = next((p for p in reversed(persons) if compatible(p.words, words)), None)
            if person is None:
                person = Person(words, gender=g.first_names.get(words[0], ""))
                persons.append(person)
            elif len(words) > len(person.words):
                person.words = words
        person.seen.append(number)
        person.gender = occurrence.gender or person.gender
        if occurrence.title:
            person.titles.add(occurrence.title)
        persons.remove(person)
        persons.append(person)  # the last named stands last
    order = sorted(persons, key=lambda p: p.seen[0])
    singles: dict[str, Person] = {}
    for number in later:
        occurrence = occurrences[number]
        word = words_of(occurrence.name)[0]
        person = singles.get(word) or _before(order[::-1], word, occurrence)
        if person is None:
            person = singles[word] = Person((word,), gender=occurrence.gender or g.first_names.get(word, ""))
        person.seen.append(number)
    out = [*order, *singles.values()]
    for person in out:
        person.seen.sort()
    return sorted(out, key=lambda p: p.seen[0])


def _before(persons: list[Person], word: str, occurrence: Occurrence) -> Person | None:
    gender, title = occurrence.gender, occurrence.title
    fitting = [p for p in persons if not gender or not p.gender or p.gender == gender]
    # "Senator Cruz" is the one who was called senator before, if any was.
    same_title = [p for p in fitting if title and title in p.titles and word in (p.words[0], p.words[-1])]
    fitting = same_title or fitting
    for place in (-1, 0):
        for person in reversed(fitting):
            if person.words[place] == word:
                return person
    return None


def compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two full names may be one person's: "George W Bush" and "George Bush", "J Smith" and "John Smith"."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or short[-1] != long[-1]:
        return False
    if not _same_first(short[0], long[0]):
        return False
    middle = list(long[1:-1])
    for word in short[1:-1]:
        match = next((k for k, m in enumerate(middle) if _same_first(word, m)), None)
        if match is None:
            return False
        del middle[: match + 1]
    # Family name first: "Kim Jong Il" and "Kim Yong Il" share first and last word.
    return (
        len(short) < len(long)
        or len(short) == 2
        or all(_same_first(a, b) for a, b in zip(short, long, strict=True))
    )


def _same_first(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
