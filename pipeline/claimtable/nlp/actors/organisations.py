"""Which organisation a name means: legal forms, acronyms, states spelled in two ways, names shortened to their head."""

from __future__ import annotations

from collections.abc import Sequence

from claimtable.nlp.actors.gazetteer import Gazetteer, fold, gazetteer, split

_SMALL = frozenset({"of", "for", "and", "the", "on", "in", "&", "de", "du", "la", "del", "des"})


def core_of(name: str, g: Gazetteer) -> tuple[str, ...]:
    """Return the folded words of an organisation's name without article and legal form, its state under one name."""
    words = [w.strip(",") for w in fold(name).split() if w not in (",", "(", ")")]
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    while len(words) > 1 and (words[-1] in g.legal_forms or f"{words[-1]}." in g.legal_forms):
        words.pop()
    return tuple(words)


def state_prefix(name: str) -> tuple[str, str] | None:
    """Return (state, rest) of a name that begins with a state's name or adjective: "U.S. Congress", "Russian Navy"."""
    g = gazetteer()
    tokens = list(split(name))
    start = 1 if tokens[:1] in (["the"], ["The"]) else 0
    if start >= len(tokens):
        return None
    match = g.match(tokens, start)
    if match is None or match[1].form not in ("name", "adjective") or match[0] >= len(tokens):
        return None
    end, hit = match
    rest = tokens[end:]
    if rest[0] in ("'s", "’s"):
        rest = rest[1:]
    return (hit.place.name, " ".join(rest)) if rest else None


def initials(words: Sequence[str]) -> set[str]:
    """Return the acronyms that a name's words can make: "united nations environment programme" → unep."""
    parts = [p for w in words for p in w.split("-") if p]
    strong = "".join(p[0] for p in parts if p not in _SMALL)
    whole = "".join(p[0] for p in parts)
    of_only = "".join(p[0] for p in parts if p not in _SMALL or p in ("of", "on"))
    out = {strong, whole, of_only}
    return {x for x in out if len(x) >= 2}


def is_short_for(short: tuple[str, ...], long: tuple[str, ...], g: Gazetteer) -> bool:
    """Return whether one name is the other cut short: "Ketchum" of "Ketchum Group", "Department of Education" of "United States …"."""
    if len(short) >= len(long) or not short:
        return False
    if long[: len(short)] == short and all(g.is_a("company", w) or w in _SMALL for w in long[len(short) :]):
        return not g.is_a("company", short[0])
    return False
