"""Words of movement: whether a value is the amount of a rise or fall, or a level reached by one."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import BREAK, STOPS, Lexed
from claimtable.nlp.quantities.lexicon import changes, neighbours
from claimtable.nlp.quantities.mention import Mention
from claimtable.schema import Change

_REACH_VERB = 8  # tokens between a verb of movement and the level it reached
_QUOTES = frozenset(('"', "“", "‘", "'"))


def _sentence_floor(lex: Lexed, i: int, reach: int) -> int:
    p = i
    while p > 0 and i - p < reach:
        token = lex.tok[p - 1]
        if lex.kind[p - 1] == BREAK or (token in STOPS and lex.spaced(p)):
            break
        p -= 1
    return p


def set_change(lex: Lexed, mention: Mention) -> None:
    """Sets `change` (the value is the amount of a movement) and `direction` (also a level reached, or a noun's amount)."""
    if mention.number.signed == "+" and mention.kind in ("share", "bare", "money", "measure"):
        mention.change = mention.direction = "up"
        return
    stated = _before(lex, mention)
    if stated is not None:
        direction, amount = stated
        mention.direction = direction
        if amount and mention.role == "quantity":
            mention.change = direction
        return
    mention.direction = _behind(lex, mention)


def _before(lex: Lexed, mention: Mention) -> tuple[Change, bool] | None:
    """Returns (direction, True where the value is the amount) as the words before the mention state it."""
    table = changes()
    verbs, weak, nouns = table["verb"], table["weak"], table["noun"]
    low = lex.low
    start = _sentence_floor(lex, mention.first, _REACH_VERB + 4)
    p = mention.first - 1
    joint = ""  # the preposition between the movement and the value
    steps = 0
    while p >= start and steps < (_REACH_VERB if joint else 4):
        word = low[p]
        direction = verbs.get(word) or weak.get(word)
        if direction is not None and not (
            word in ("up", "down") and p and low[p - 1] in neighbours()["particle_verb"]
        ):
            if word == "lower" and p and low[p - 1] in neighbours()["adjective_before"]:
                return None
            if word in ("up", "down") and (mention.kind == "count" or joint == "of"):
                return None
            if direction == "flat":
                return None
            amount = joint in ("", "by") and mention.kind != "count"
            if word in weak and mention.kind != "share" and not mention.factor and joint != "by":
                amount = False
            return direction, amount
        if joint and word in nouns and (joint != "of" or steps <= 3):
            return nouns[word], False
        if not joint and word in ("to", "by", "of", "at"):
            if word == "at":
                return None
            joint = word
        elif word not in neighbours()["movement_adverb"] and word not in _QUOTES:
            if not joint or (joint == "of" and steps > 1):
                return None
            if lex.tok[p] in ",:(" and joint != "by":
                return None
        p -= 1
        steps += 1
    return None


def _behind(lex: Lexed, mention: Mention) -> Change | None:
    """Returns the direction that the words behind state: "3 % higher", "60 basis point improvement", "10 million more"."""
    table = changes()
    nouns, after = table["noun"], table["after"]
    j = mention.last
    for k in (mention.number.last, j, j + 1) if mention.kind != "count" else (mention.number.last,):
        word = lex.low[k]
        if word in after and lex.low[k + 1] != "than":
            return after[word]
        if word in nouns and k >= j and mention.kind != "count":
            return nouns[word]
        if lex.kind[k] == BREAK or word in neighbours()["phrase_end"]:
            return None
    return None
