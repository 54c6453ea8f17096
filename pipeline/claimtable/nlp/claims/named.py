"""Ids of the actors that cells of the table name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from claimtable.schema import Actor

_WORD = re.compile(r"[\w&]+(?:[.'’\-][\w&]+)*\.?")
_POSSESSIVE = re.compile(r"['’]s?$")


class ActorNames:
    """The names of a document's actors, and whom each means."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self._ids: dict[str, str] = {}
        self._in_phrases: dict[tuple[str, ...], str] = {}
        known = list(actors)
        for actor in known:
            self._ids.setdefault(actor.name, actor.actor_id)
        for actor in sorted(known, key=lambda a: a.type == "NORP"):
            for name in (actor.name, *actor.aliases):
                if words := _words(name):
                    self._in_phrases.setdefault(words, actor.actor_id)
        self._longest = max(map(len, self._in_phrases), default=0)

    def of_name(self, name: str | None) -> str | None:
        """Return the id of the actor whose canonical name this is."""
        return None if name is None else self._ids.get(name)

    def in_phrase(self, phrase: str | None) -> str | None:
        """Return the id of the actor that a phrase names, the first and longest of several; None where it names none."""
        words = _words(phrase or "")
        for first in range(len(words)):
            for size in range(min(self._longest, len(words) - first), 0, -1):
                if (found := self._in_phrases.get(words[first : first + size])) is not None:
                    return found
        return None


def _words(text: str) -> tuple[str, ...]:
    words = tuple(_POSSESSIVE.sub("", word).rstrip(".") for word in _WORD.findall(text))
    return words[1:] if words[:1] in (("the",), ("The",)) else words
