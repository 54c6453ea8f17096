"""Lengths of time counted from something: "it exploded 73 seconds after liftoff", "planting was 4 days behind last year"."""

from __future__ import annotations

from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.durations import interval_case
from claimtable.nlp.claims.subjects.counting import said_of
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.scene import Scene

MAX_WORDS = 8
"""Tokens of what it is counted from, at most (set by hand)."""
_STOPS = frozenset([",", ".", ";", ":", "(", ")", "?", "!"])
_JOINTS = frozenset(["and", "but", "when", "while", "back"])
_RANKS = frozenset(["behind", "ahead"])


def interval(s: Scene) -> Subject | None:
    """Return what happens so long before or after something, or what is so far behind or ahead; None for other figures."""
    ctx, t = s.ctx, s.ctx.t
    case = interval_case(ctx, s.q)
    if case is None:
        return None
    whence = _counted_from(s, case)
    if t.lower[case] in _RANKS:
        return _ranked(s, whence)
    verb = _told(s, case)
    who = syntax.subject(t, verb) if verb is not None else None
    if verb is None or who is None or s.place.holds(who):
        return None
    what = s.phrase(who, verb, measured=False)
    if what.text is None or not whence:
        return None
    said = said_of(ctx, verb) if t.pos[verb] == "VERB" and verb > s.place.end else t.text[verb]
    return Subject(f"time {whence} that {what.text} {said}", who, verb)


def _told(s: Scene, case: int) -> int | None:
    """Return the verb of what happens at that distance: the clause that the figure stands in, not the one behind "after"."""
    t = s.ctx.t
    behind = set(range(case, _end(s, case)))
    verb = syntax.clause_head(t, s.place.head)
    for _ in range(MAX_WORDS):
        if verb not in behind and t.pos[verb] in ("VERB", "AUX", "ADJ", "NOUN"):
            return verb
        if t.head[verb] == verb:
            return None
        verb = syntax.clause_head(t, t.head[verb])
    return None


def _end(s: Scene, case: int) -> int:
    """Return the token behind what the length of time is counted from."""
    t = s.ctx.t
    end = case + 1
    while end < min(t.n, case + 1 + MAX_WORDS) and t.sent[end] == t.sent[case]:
        if t.text[end] in _STOPS or (t.lower[end] in _JOINTS and end > case + 1):
            break
        end += 1
    return end


def _counted_from(s: Scene, case: int) -> str:
    """Return the words of what the length of time is counted from: "after liftoff"."""
    t, end = s.ctx.t, _end(s, case)
    return syntax.text_of(t, s.ctx.text, range(case, end), determiner=True)


def _ranked(s: Scene, whence: str) -> Subject | None:
    """Return what the figure before measures, else the subject of the clause, with what it is compared to."""
    if s.here and s.here[-1][1].text:
        other = s.here[-1][1]
        name = other.core or other.text
    else:
        who = syntax.subject(s.ctx.t, s.verb) if s.verb is not None else None
        if who is None:
            return None
        other = s.phrase(who, measured=False)
        name = other.text
    if name is None:
        return None
    return replace(other, text=f"{name} {whence}", core=name, head=None, unit=None, predicate=s.verb)
