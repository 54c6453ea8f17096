"""Words of movement: whether a value is the amount of a rise or fall, or a level reached by one."""

from __future__ import annotations

from claimtable.nlp.quantities.counted import is_plural
from claimtable.nlp.quantities.lexer import BREAK, STOPS, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, changes, neighbours, number_words, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.schema import Change

_REACH_AMOUNT = 4  # tokens between a verb of movement and its amount
_REACH_LEVEL = 8  # tokens between a verb of movement and the level it reached
_REACH_MOVED = 7  # tokens between such a noun and "of" where what moves stands there: "an increase in the price of petrol of 8 cents"
_REACH_NOUN = 3  # tokens between a noun of movement and the amount behind its "of"
_REACH_COMPARED = 8  # tokens between a level and the comma before "up from": "$4 billion in May, up from"
_REACH_BROUGHT = 14  # tokens between the amount of a movement and the level that it brought something to
_REACH_REACHED = 6  # tokens between an amount and "at" with the level reached: "by 1.5 % over the 2008 level at €134.5 million"
_REACH_THAN = 4  # tokens between "than" and the time of a comparison: "than in the same quarter"
_QUOTES = frozenset(('"', "“", "‘", "'"))
_JOINTS = frozenset(("to", "by", "of", "at"))
_PARTICLES = frozenset(("up", "down"))
_AVERAGES = frozenset(("average", "total", "maximum", "minimum", "mean", "median"))
_RANKS = frozenset(("place", "point", "position", "rank", "spot"))
"""What one climbs and drops by: "dropped ten places"."""
_SIGNED = ("share", "bare", "money", "measure")
_COMMAS = frozenset(",:(")


def set_changes(lex: Lexed, found: list[Mention]) -> None:
    """Set `change` (the value is the amount of a movement) and `direction` (also a level reached, or a noun's amount)."""
    for k, mention in enumerate(found):
        _state(lex, mention, found[k - 1] if k and _same_sentence(lex, found[k - 1], mention) else None)
        if k and mention.direction is None:
            _inherit(lex, found[k - 1], mention)
    for k, mention in enumerate(found):
        if mention.direction is None:
            mention.direction = _compared(lex, mention, found[k + 1] if k + 1 < len(found) else None)


def _state(lex: Lexed, mention: Mention, before: Mention | None) -> None:
    signed = _by_sign(lex, mention)
    if signed is not None:
        mention.change = mention.direction = signed
        return
    if mention.dimension in ("time", "count") and _in_a_row(lex, mention.last):
        return  # "coming down 3 years in a row"
    stated = _before(lex, mention, before)
    if stated is None:
        mention.direction = _behind(lex, mention)
        return
    mention.direction, amount = stated
    if amount and mention.role == "quantity":
        mention.change = mention.direction


def _same_sentence(lex: Lexed, a: Mention, b: Mention) -> bool:
    near = b.first - a.last <= _REACH_BROUGHT
    return near and not any(lex.kind[k] == BREAK or lex.tok[k] in STOPS for k in range(a.last, b.first))


def _in_a_row(lex: Lexed, j: int) -> bool:
    """Return whether the words at token `j` say that something went on without a break."""
    if lex.low[j] in neighbours()["row_last"]:
        return True
    return tuple(lex.low[j : j + 3]) in _ROWS or tuple(lex.low[j : j + 2]) in _ROWS


_ROWS = frozenset(
    (("in", "a", "row"), ("on", "the", "trot"), ("on", "the", "bounce"), ("on", "end"), ("in", "succession"))
)


def _by_sign(lex: Lexed, mention: Mention) -> Change | None:
    """Return the direction of "+0.2%", and of "-0.8%" behind a name in a list of prices."""
    if mention.number.signed == "+" and mention.kind in _SIGNED:
        return "up"
    p = mention.first - 1
    if mention.number.signed != "-" or mention.kind != "share" or p < 0 or lex.low[p + 1] == "minus":
        return None
    return "down" if lex.tok[p] in _COMMAS or lex.tok[p][:1].isupper() else None


def sentence_floor(lex: Lexed, i: int, reach: int) -> int:
    """Return the first token of the sentence of token `i`, at most `reach` tokens before it."""
    p = i
    while p > 0 and i - p < reach:
        token = lex.tok[p - 1]
        if lex.kind[p - 1] == BREAK or (token in STOPS and lex.spaced(p)):
            break
        p -= 1
    return p


def _brought(before: Mention | None) -> tuple[Change, bool] | None:
    """Return the direction of the level that a movement stated `before` led to."""
    return None if before is None or before.direction is None else (before.direction, False)


def _before(lex: Lexed, mention: Mention, before: Mention | None) -> tuple[Change, bool] | None:
    """Return (direction, True where the value is the amount) as the words before the mention state it.

    `before` is the mention before it in its sentence, if any.
    """
    start = sentence_floor(lex, mention.first, _REACH_LEVEL + _REACH_AMOUNT)
    joint = ""  # the preposition between the movement and the value
    averaged = False
    far = False  # more than a noun stands between: "improve the lives of millions"
    for steps, p in enumerate(range(mention.first - 1, start - 1, -1)):
        word = lex.low[p]
        if steps >= (_REACH_LEVEL if joint else _REACH_AMOUNT) or (word == "at" and not joint):
            return None
        if _is_movement(lex, p):
            return None if far else _moved(lex, mention, p, joint)
        noun = changes()["noun"].get(word) if joint else None
        if noun is not None and (joint != "of" or steps <= _reach_of(lex, p)):
            return None if mention.number.signed == "-" else (noun, False)  # "growth of -0.8%"
        if not joint and word in _JOINTS:
            joint = word
        elif joint == "to" and word in neighbours()["brings"]:
            return _brought(before)  # "the €7 increase, bringing the pension to €230"
        elif joint == "of" and word in _AVERAGES:
            averaged = True  # "by an average of 4 %", "to a total of 12 million"
        elif averaged and word in ("to", "by"):
            joint, averaged = word, False
        elif not _passes(lex, p, joint, steps):
            return None
        else:
            far = far or (joint == "of" and steps > 1 and word not in neighbours()["movement_adverb"])
    return None


def _reach_of(lex: Lexed, p: int) -> int:
    """Return how far behind the noun of movement at token `p` its amount may stand."""
    return _REACH_MOVED if lex.low[p + 1] in neighbours()["moved_in"] else _REACH_NOUN


def _is_movement(lex: Lexed, p: int) -> bool:
    """Return whether token `p` is a verb of movement, or its particle; not "gave up 5 %"."""
    word = lex.low[p]
    before = lex.low[p - 1] if p else ""
    if word in _PARTICLES and before in neighbours()["particle_verb"]:
        return False
    return word in changes()["verb"] or word in changes()["weak"]


def _moved(lex: Lexed, mention: Mention, p: int, joint: str) -> tuple[Change, bool] | None:
    word = lex.low[p]
    weak = word in changes()["weak"]
    direction = changes()["weak" if weak else "verb"][word]
    before = lex.low[p - 1] if p else ""
    if direction == "flat" or (word == "lower" and before in neighbours()["adjective_before"]):
        return None
    counts = mention.kind == "count"
    if weak and not joint and mention.kind == "money" and word in neighbours()["raise"]:
        return None  # "a levy to raise €300 million"
    if word in _PARTICLES and (joint == "of" or (counts and not _stands_up(lex, p, mention))):
        return None
    amount = joint in ("", "by") and (not counts or mention.unit in _RANKS)
    if weak and joint != "by":
        taken = direction == "down" and lex.low[mention.last] in ("from", "off")  # "cut €8 from the income"
        amount = amount and (taken or mention.kind == "share" or mention.factor is not None)
    return direction, amount


def _stands_up(lex: Lexed, p: int, mention: Mention) -> bool:
    """Return whether "up" moves a count: "40 percent, up four points", "is up 300 jobs"; not "ended up 30 people"."""
    return mention.unit == "point" or not p or lex.low[p - 1] in neighbours()["up_before"]


def _passes(lex: Lexed, p: int, joint: str, steps: int) -> bool:
    """Return whether the look for a movement goes on over token `p`."""
    if lex.low[p] in neighbours()["movement_adverb"] or lex.low[p] in _QUOTES:
        return True
    word = lex.low[p]
    if not joint or word in neighbours()["arithmetic"] or (joint == "of" and lex.kind[p] != WORD):
        return False
    if joint == "of" and steps > 1:
        return steps < _REACH_MOVED and not _is_movement(lex, p)
    return joint == "by" or lex.tok[p] not in _COMMAS


def _behind(lex: Lexed, mention: Mention) -> Change | None:
    """Return the direction that the words behind state: "3 % higher", "60 basis point improvement", "10 million more"."""
    nouns, after = changes()["noun"], changes()["after"]
    j = mention.last
    if mention.dimension == "time" and mention.attributive:
        return None  # "a 3-year reduction"
    counts = mention.kind == "count"
    if lex.low[j] == "being" and not counts:
        return changes()["weak"].get(lex.low[j + 1])  # "the €750 million being cut"
    for k in (mention.number.last,) if counts else (mention.number.last, j, j + 1):
        word = lex.low[k]
        if word in _PARTICLES and k > j:
            continue  # "would you four stand up"
        if word in after and (lex.low[k + 1] != "than" or _than_earlier(lex, k + 2)):
            further = mention.unit is None and word == "more" and lex.low[k + 1] != "than"
            return None if further else after[word]  # "thousands more living on the edge"
        if word in nouns and k >= j and not counts:
            counted = mention.kind == "bare" and is_plural(word)  # "three tax increases"
            return None if counted else nouns[word]
        if lex.kind[k] == BREAK or word in neighbours()["phrase_end"]:
            break
    if counts and lex.low[j] in after and lex.low[j + 1] == "than" and _than_earlier(lex, j + 2):
        return after[lex.low[j]]  # "300 jobs fewer than a year earlier"
    return None


def _than_earlier(lex: Lexed, j: int) -> bool:
    """Return whether a comparison is with an earlier time: "3.9 percent higher than a year earlier", "than in May"."""
    for k in range(j, j + _REACH_THAN):
        word = lex.low[k]
        if word in neighbours()["earlier"] or word in calendar() or (len(word) == 4 and word.isdigit()):
            return True
        if lex.kind[k] != WORD or (
            word not in words("function_words") and word not in neighbours()["earlier_before"]
        ):
            return False
    return False


def _inherit(lex: Lexed, a: Mention, b: Mention) -> None:
    """Give a value the movement of the one before where it says the same in another unit, or the level reached.

    "Lost 85 points, or 0.4%", "up 12.5 points (0.3 %)", "down 1 % at 1,463 points".
    """
    if a.direction is None or b.value is None:
        return
    between = lex.low[a.last : b.first]
    restates = tuple(between) in _RESTATES and a.unit != b.unit
    reached = len(between) <= _REACH_REACHED and between[-1:] == ["at"] and a.change is not None
    if restates or (a.unit == b.unit and _is_parallel(lex, a, b)):
        b.direction, b.change = a.direction, a.change
    elif reached and not any(word in STOPS or word == "" for word in between):
        b.direction = a.direction


def _is_parallel(lex: Lexed, a: Mention, b: Mention) -> bool:
    """Return whether a second amount stands as the first does: "adding 1 % to the low band and 2 % to the high band"."""
    between = lex.low[a.last : b.first]
    joined = between[-1:] == ["and"] and 2 < len(between) <= _REACH_PARALLEL
    return joined and between[0] in ("to", "in", "for", "on") and lex.low[b.last] == between[0]


_REACH_PARALLEL = 8  # tokens between two such amounts
_RESTATES = frozenset(((",", "or"), ("or",), ("(",), ("[",), (",", "or", "about"), ("(", "or"), ("/",)))


def _compared(lex: Lexed, mention: Mention, following: Mention | None) -> Change | None:
    """Return the direction that a comparison behind a level states: "$4 billion in May, up from $3 billion"."""
    if mention.role != "quantity" or (mention.kind == "ratio" and mention.dimension != "share"):
        return None
    stop = min(mention.last + _REACH_COMPARED, following.first if following else lex.n)
    for k in range(mention.last, stop):
        if lex.kind[k] == BREAK or lex.tok[k] in STOPS:
            return None
        word = lex.low[k]
        if lex.tok[k] in ",(–—" and lex.low[k + 1] in changes()["level"]:
            return changes()["level"][lex.low[k + 1]] if _compares(lex, k + 2, following) else None
        ago = word in neighbours()["ago"]
        if lex.kind[k] != WORD or ago or _is_movement(lex, k) or word in neighbours()["clause_opener"]:
            return None
    return None


def _compares(lex: Lexed, k: int, following: Mention | None) -> bool:
    """Return whether "up" at token `k - 1` is followed by what it compares with: "from", "on", an amount."""
    while lex.low[k] in neighbours()["movement_adverb"] and lex.low[k] not in ("to", "by"):
        k += 1
    if lex.low[k] == "to":
        return False  # "ten years, up to 10 percent"
    if lex.low[k] in ("from", "on", "by", "over", "versus"):
        return True
    amount = following is not None and following.first <= k < following.last
    return amount or lex.low[k] in number_words()
