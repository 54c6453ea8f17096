"""Whether words that may be a time are one here: bare years, "may", "fall", "a year", "the quarter", "current"."""

from __future__ import annotations

from claimtable.nlp.times.grammar import Chunks
from claimtable.nlp.times.lexer import Lexicon
from claimtable.nlp.times.meaning import Meaning

YEAR_ALONE = (1900, 2100)
"""A bare number in this range may be a year without a preposition ("the 2014 Winter Olympics")."""

YEAR_AFTER_PREPOSITION = (1400, 2199)
"""With a preposition that takes years."""


class Context:
    """The words around one chunk."""

    def __init__(self, chunks: Chunks, at: int, lexicon: Lexicon) -> None:
        self.tokens = chunks.tokens
        self.chunks = chunks
        self.at = at
        self.lexicon = lexicon
        words = self.tokens.words
        self.before = words[at - 1] if at else ""
        self.before_chunk = chunks.meanings[at - 1] if at else None
        self.after = words[at + 1] if at + 1 < len(words) else ""
        self.after_chunk = chunks.meanings[at + 1] if at + 1 < len(words) else None
        self.surface = self.tokens.text[self.tokens.starts[at] : self.tokens.ends[at]]

    def tagged(self, word: str, tag: str) -> bool:
        """Tells whether the lexicon gives the word the tag."""
        return word in self.lexicon.values.get(tag, ())

    def glued_before(self) -> bool:
        """Tells whether the chunk follows the token before it without a space."""
        return self.at > 0 and self.tokens.ends[self.at - 1] == self.tokens.starts[self.at]

    def glued_after(self) -> bool:
        """Tells whether the next token follows the chunk without a space."""
        return (
            self.at + 1 < len(self.tokens.words)
            and self.tokens.starts[self.at + 1] == self.tokens.ends[self.at]
        )

    def capital_after(self) -> bool:
        """Tells whether the next word has a capital."""
        return (
            self.after_chunk is None
            and bool(self.after)
            and self.tokens.text[self.tokens.starts[self.at + 1]].isupper()
        )


REACH_RESULTS = 20
"""Tokens on either side in which a word of business results is looked for."""

REACH_BACK, REACH_ON = 14, 7
"""Tokens before and after a time within its sentence where a word that shows the tense is looked for."""


def lexical_tense(context: Context) -> str | None:
    """Tells the tense by the nearest verb form before the time in its sentence, else after it; None if there is none."""
    words, meanings = context.tokens.words, context.chunks.meanings
    values = context.lexicon.values
    before = range(context.at - 1, max(-1, context.at - 1 - REACH_BACK), -1)
    after = range(context.at + 1, min(len(words), context.at + 1 + REACH_ON))
    for places in (before, after):
        for i in places:
            word = words[i]
            if meanings[i] is not None:
                continue
            if word in (".", ";", "?", "!") or not word.strip():
                break
            if word in values["FUTURECUE"]:
                return "future"
            if word in values["PASTCUE"] or (len(word) > 4 and word.endswith("ed")):
                return "past"
    return None


def reports_results(context: Context) -> bool:
    """Tells whether the sentence around a time is about business results, or the time is the whole text."""
    words = context.tokens.words
    values = context.lexicon.values["RESULTS"]
    for step in (-1, 1):
        i = context.at + step
        while 0 <= i < len(words) and abs(i - context.at) <= REACH_RESULTS:
            if words[i] in values:
                return True
            if words[i] in ("?", "!", ";") or not words[i].strip():
                break
            i += step
    return len(words) == 1


def announced(context: Context) -> bool:
    """Tells whether a word right before the time sets it in the future whatever the verb: payable Dec. 15, planned for May."""
    words = context.tokens.words
    back = 2 if context.tagged(context.before, "PREP") else 1
    return context.at >= back and words[context.at - back] in context.lexicon.values["ANNOUNCED"]


def accepted(meaning: Meaning, context: Context) -> bool:
    """Tells whether the evidence that `meaning.weak` asks for is there. May turn "$5 a year" into a set."""
    if len(context.tokens.words) == 1:
        return True
    if meaning.kind == "ref" and context.after == "-" and context.glued_after():
        return False
    if (
        meaning.kind == "weekday"
        and context.tagged(context.before, "NAMEDAY")
        and context.surface[0].isupper()
    ):
        return False
    if meaning.weak is None:
        return True
    name = meaning.weak.partition(" ")[0].replace("-", "_")
    return bool(_CHECKS[name](meaning, context))


def _year(meaning: Meaning, c: Context) -> bool:
    year = meaning.year or (meaning.of.year if meaning.of else 0) or 0
    if c.glued_before() and c.before not in ("(", "[", '"', "“", "'", "‘", "/", "-", "–", "—", ","):
        return False
    if (
        c.glued_before()
        and c.before in ("-", "–", "/")
        and c.before_chunk is None
        and c.at > 1
        and c.chunks.meanings[c.at - 2] is None
    ):
        return False
    if c.glued_after() and (
        c.after in ("%", "°", "/")
        or (c.after == "-" and c.at + 2 < len(c.tokens.words) and c.tokens.words[c.at + 2].isdigit())
    ):
        return False
    if c.tagged(c.after, "COUNTED") or c.tagged(c.before, "NUMBERED"):
        return False
    approximate = c.tagged(c.tokens.words[c.at], "APPROX")
    taken = approximate or c.tagged(c.before, "YEARPREP")
    if meaning.weak == "weak words":
        return taken and YEAR_ALONE[0] <= year <= YEAR_ALONE[1]
    if meaning.weak == "weak short":
        return taken or c.tagged(c.before, "MONTH")
    plural = c.after_chunk is None and _plural(c) and not c.tagged(c.after, "DATED")
    if c.before in ("the", "its", "their", "his", "our") and not c.tagged(c.after, "COUNTED"):
        plural = False
    if c.tagged(c.before, "SUREPREP"):
        return YEAR_AFTER_PREPOSITION[0] <= year <= YEAR_AFTER_PREPOSITION[1] and not (
            plural and year < YEAR_ALONE[0]
        )
    if plural:
        return False
    if c.before in ("the", "an", "a", "(", "early", "late", "mid") and c.after[:1].isalpha() | (
        c.after == ")"
    ):
        return 1700 <= year <= YEAR_ALONE[1]
    return YEAR_ALONE[0] <= year <= YEAR_ALONE[1]


def _plural(c: Context) -> bool:
    word = c.after
    return (
        len(word) > 3
        and word[-1] == "s"
        and word[-2] not in "su'’"
        and word.isalpha()
        and not c.capital_after()
    )


def _month(meaning: Meaning, c: Context) -> bool:
    word = c.tokens.words[c.at]
    ambiguous = c.tagged(word, "AMBIGUOUS")
    short = c.tagged(word, "ABBREVIATED")
    capital = c.surface[0].isupper()
    taken = c.tagged(c.before, "PREP") or c.before_chunk is not None
    joined = c.at + 2 < len(c.tokens.words) and c.after in ("-", "–", "to", "and", "or", "/", "through")
    if joined and (following := c.chunks.meanings[c.at + 2]) is not None and following.month is not None:
        return True
    if short:
        return capital and (c.surface.endswith(".") or taken) and c.surface.lower() not in ("mar.",)
    if not ambiguous:
        return True
    if not capital:
        return word in ("april", "june") or (word == "august" and taken)
    if taken:
        return word != "may" or c.before not in ("as", "than", "and", "or") or c.before_chunk is not None
    return word in ("april", "june", "august") and not c.capital_after()


def _shortday(meaning: Meaning, c: Context) -> bool:
    if not c.surface[0].isupper() or (
        c.surface.lower().rstrip(".") in ("sun", "sat", "wed", "mon") and not c.surface.endswith(".")
    ):
        return c.tagged(c.before, "PREP") and c.before in ("on", "until", "by") and c.surface[0].isupper()
    return c.surface.endswith(".") or c.tagged(c.before, "PREP")


def _slashed(meaning: Meaning, c: Context) -> bool:
    return (
        c.before
        in ("on", "from", "by", "until", "till", "before", "after", "since", "through", "dated", "to")
        or c.before_chunk is not None
    )


def _monthday(meaning: Meaning, c: Context) -> bool:
    return (
        c.before in ("on", "by", "until", "till", "from", "since", "before", "after")
        and not c.after[:1].isalpha()
    )


def _the(meaning: Meaning, c: Context) -> bool:
    return c.tokens.words[c.at] == "the" or c.before in ("early", "late", "mid", "-")


def _half(meaning: Meaning, c: Context) -> bool:
    return c.after != "of" and c.before in ("in", "for", "during", "of", "by", "than")


def _season(meaning: Meaning, c: Context) -> bool:
    words = c.surface.lower().split()
    if c.surface[-len(words[-1])].isupper() and c.capital_after():
        return False
    if words[-1] in ("fall", "spring"):
        with_article = words[0] == "the"
        taken = c.before in (
            "in",
            "by",
            "until",
            "since",
            "during",
            "last",
            "next",
            "this",
            "early",
            "late",
            "every",
            "each",
            "of",
        )
        if c.after in ("of", "in", "from", "to", "into", "apart", "for"):
            return False
        return taken if not with_article else (taken or not c.after.isalpha())
    if words[0] in ("the", "this", "last", "next") or not c.after.isalpha() or c.tagged(c.after, "PREP"):
        return True
    return c.before in ("every", "each", "early", "late", "mid")


def _quarter_the(meaning: Meaning, c: Context) -> bool:
    return c.after not in ("of", "-") and not c.tagged(c.before, "NUMWORD")


def _year_the(meaning: Meaning, c: Context) -> bool:
    if c.after in ("ended", "ending", "to", "through"):
        meaning.kind, meaning.count, meaning.fiscal = "duration", 1.0, False
        return True
    return c.after not in ("-",) and c.before in (
        "of",
        "for",
        "in",
        "during",
        "throughout",
        "through",
        "by",
        "earlier",
        "later",
        "over",
        "within",
        "than",
        "around",
        "",
    )


def _rare_the(meaning: Meaning, c: Context) -> bool:
    return c.before in ("for", "during", "in") and c.after not in ("of", "-")


def _always(meaning: Meaning, c: Context) -> bool:
    return True


def _never(meaning: Meaning, c: Context) -> bool:
    return False


def _article(meaning: Meaning, c: Context) -> bool:
    unit = meaning.unit or ""
    if unit in ("Q", "TS", "C", "L") and meaning.mod is None:
        return False
    if _rate(c):
        meaning.kind, meaning.code = "set", None
        return not unit.startswith("T")
    if unit == "TM" and meaning.mod is None:
        return c.before in ("for", "in", "within")
    if c.before in ("per", "once", "twice"):
        return False
    return (
        meaning.mod is not None
        or c.tagged(c.before, "DURATIONPREP")
        or meaning.extra != ()
        or "-" in c.surface
        or c.surface.count(" ") > 1
    )


def _rate(c: Context) -> bool:
    """Tells whether "a year" follows an amount ("$500", "2.4 million barrels", "5 percent")."""
    if c.tokens.words[c.at] not in ("a", "an"):
        return False
    for back in (1, 2, 3):
        i = c.at - back
        if i < 0 or c.chunks.meanings[i] is not None:
            return False
        word = c.tokens.words[i]
        if (
            word[0].isdigit()
            or word in c.lexicon.values["NUMWORD"]
            or word in c.lexicon.values["NUMSCALE"]
            or isinstance(c.tokens.values[i], int | float)
        ):
            return True
        if (not word[0].isalpha() and word not in ("%", "$")) or c.tagged(word, "PREP"):
            return False
    return False


def _bare(meaning: Meaning, c: Context) -> bool:
    if (meaning.unit or "").startswith("TS"):
        return False
    return c.before in (
        "for",
        "in",
        "of",
        "over",
        "within",
        "after",
        "took",
        "take",
        "takes",
        "taken",
        "about",
    ) and c.after not in ("of",)


def _adjective(meaning: Meaning, c: Context) -> bool:
    return (
        c.after_chunk is None
        and c.after[:1].isalpha()
        and not c.tagged(c.after, "PREP")
        and not c.capital_after()
    )


def _at(meaning: Meaning, c: Context) -> bool:
    return c.before in ("at", "for", "until", "to", "of") and (
        not c.after.isalpha() or c.tagged(c.after, "PREP")
    )


def _past(meaning: Meaning, c: Context) -> bool:
    return (c.after_chunk is None and (not c.after[:1].isalnum() or c.tagged(c.after, "PREP"))) or (
        c.before in ("in", "from") and not c.after[:1].isdigit() and c.after_chunk is None
    )


def _clock(meaning: Meaning, c: Context) -> bool:
    return c.before in (
        "at",
        "by",
        "from",
        "until",
        "till",
        "before",
        "after",
        "around",
        "about",
        "since",
        "between",
        "to",
        "-",
    ) and (c.after != "-" or not c.glued_after())


def _moment(meaning: Meaning, c: Context) -> bool:
    return c.before in ("at", "before", "after", "until", "by")


def _daypart(meaning: Meaning, c: Context) -> bool:
    return (c.surface.lower().startswith("the ") and c.surface.lower() != "the night") or (
        c.before in ("at", "in", "by", "mid") and c.surface.islower()
    )


def _of(meaning: Meaning, c: Context) -> bool:
    return meaning.of is not None or meaning.year is not None


_CHECKS = {
    "weak": _year,
    "month": _month,
    "shortday": _shortday,
    "slashed": _slashed,
    "monthday": _monthday,
    "the": _the,
    "half": _half,
    "season": _season,
    "quarter_the": _quarter_the,
    "year_the": _year_the,
    "month_the": _rare_the,
    "week_the": _rare_the,
    "day_the": _never,
    "weekend_the": _always,
    "article": _article,
    "rate": _article,
    "bare": _bare,
    "adjective": _adjective,
    "at": _at,
    "past": _past,
    "clock": _clock,
    "moment": _moment,
    "daypart": _daypart,
    "of": _of,
    "set_adjective": _always,
}
