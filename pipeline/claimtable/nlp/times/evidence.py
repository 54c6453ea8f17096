"""Whether words that may be a time are one here: bare years, "may", "fall", "a year", "the quarter", "current"."""

from __future__ import annotations

from claimtable.nlp.times.grammar import Chunks
from claimtable.nlp.times.lexer import Lexicon, neighbours
from claimtable.nlp.times.meaning import Meaning

YEAR_ALONE = (1900, 2100)
"""A bare number in this range may be a year without a preposition ("the 2014 Winter Olympics")."""

YEAR_AFTER_PREPOSITION = (1400, 2100)
"""With a preposition that takes years."""

LAST_YEAR = 2999
"""Later than `YEAR_ALONE`, up to here, with one of the prepositions of what is to come: "by 2300"."""


YEAR_WITH_ARTICLE = 1700
"""From here on, after an article and before a noun ("an 1824 battle")."""

REACH_RATE = 5
"""Tokens from an amount to its rate: 2 million barrels of oil a day, 40 additional rail tankers a day."""


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

    def near(self, word: str, name: str) -> bool:
        """Return whether the word is in a set of `times_neighbours`."""
        return word in neighbours()[name]

    def second(self) -> str:
        """Return the second token after the chunk, "" at the end."""
        words = self.tokens.words
        return words[self.at + 2] if self.at + 2 < len(words) else ""

    def word_at(self, steps: int) -> str:
        """Return the token so many after the chunk (negative: before it), "" outside the text."""
        at = self.at + steps
        return self.tokens.words[at] if 0 <= at < len(self.tokens.words) else ""

    def tagged(self, word: str, tag: str) -> bool:
        """Return whether the lexicon gives the word the tag."""
        return word in self.lexicon.values.get(tag, ())

    def glued_before(self) -> bool:
        """Return whether the chunk follows the token before it without a space."""
        return self.at > 0 and self.tokens.ends[self.at - 1] == self.tokens.starts[self.at]

    def glued_after(self) -> bool:
        """Return whether the next token follows the chunk without a space."""
        return (
            self.at + 1 < len(self.tokens.words)
            and self.tokens.starts[self.at + 1] == self.tokens.ends[self.at]
        )

    def capital_after(self) -> bool:
        """Return whether the next word has a capital."""
        return (
            self.after_chunk is None
            and bool(self.after)
            and self.tokens.text[self.tokens.starts[self.at + 1]].isupper()
        )

    def capital_before(self) -> bool:
        """Return whether the word right before, in the same sentence, has a capital."""
        return (
            self.before_chunk is None
            and self.before.isalpha()
            and self.tokens.text[self.tokens.starts[self.at - 1]].isupper()
        )


_TITLE_LETTERS = 3
"""Letters of a word before a full stop that may be a title or an initial: "Mr. Smith", "J. Doe"."""


def ends_sentence(chunks: Chunks, at: int) -> bool:
    """Return whether a token ends a sentence or paragraph."""
    tokens = chunks.tokens
    word = tokens.words[at]
    if chunks.meanings[at] is not None:
        return False
    if word in ("?", "!") or not word.strip():
        return True
    if word != ".":
        return False
    if at + 1 < len(tokens.words) and not tokens.text[tokens.starts[at + 1]].isupper():
        following = tokens.text[tokens.starts[at + 1]]
        return not following.islower() and chunks.meanings[at + 1] is None and following not in ".,;)"
    before = tokens.words[at - 1] if at else ""
    titled = (
        before.isalpha() and len(before) <= _TITLE_LETTERS and tokens.text[tokens.starts[at - 1]].isupper()
    )
    return not titled


REACH_RESULTS = 20
"""Tokens on either side in which a word of business results is looked for."""

REACH_BACK, REACH_ON = 14, 7
"""Tokens before and after a time within its sentence where a word that shows the tense is looked for."""


def lexical_tense(context: Context) -> str | None:
    """Tell the tense by the nearest verb form before the time in its sentence, else after it; None if there is none."""
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
    """Return whether the sentence around a time is about business results, or the time is the whole text."""
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


def open_ended(context: Context) -> bool:
    """Return whether the word before the time looks ahead: by Friday, until March."""
    return context.near(context.before, "ahead_before")


def looking_back(context: Context) -> bool:
    """Return whether the word before the time looks back, whatever the verb: since Friday, the year ended March 31."""
    return context.near(context.before, "behind_before")


def qualifies_noun(context: Context) -> bool:
    """Return whether the time stands between an article or owner and a noun: "the May 19 vote"."""
    after = context.after_chunk is None and context.after[:1].isalpha()
    noun = after and not context.tagged(context.after, "PREP")
    return noun and (context.near(context.before, "article") or context.before in ("'s", "'"))


def announced(context: Context) -> bool:
    """Return whether a word beside the time sets it in the future whatever the verb: payable Dec. 15, crude for May delivery.

    Some words do so only with certain prepositions: "set for Friday", but not "set on Friday".
    """
    words = context.tokens.words
    taken = context.tagged(context.before, "PREP")
    back = 2 if taken else 1
    if context.at > back and words[context.at - back] == "back":
        back += 1  # "pushed back to June 9"
    if context.at >= back:
        needed = context.lexicon.values["ANNOUNCED"].get(words[context.at - back])
        if needed is not None and (not needed or context.before in needed.split("|")):
            return True
        if words[max(0, context.at - back - 1) : context.at - back + 1] == ["of", "record"]:
            return True  # "payable to holders of record Nov. 17"
    meaning = context.chunks.meanings[context.at]
    return meaning is not None and meaning.kind == "month" and context.near(context.after, "delivery_after")


def accepted(meaning: Meaning, context: Context) -> bool:
    """Return whether the evidence that `meaning.weak` asks for is there. May turn "$5 a year" into a set."""
    if len(context.tokens.words) == 1:
        return True
    refused = _REFUSED.get(meaning.kind)
    if (refused is not None and refused(context)) or _is_newspaper(context):
        return False
    if meaning.weak is None:
        return True
    name = meaning.weak.partition(" ")[0].replace("-", "_")
    return bool(_CHECKS[name](meaning, context))


def _no_ref(c: Context) -> bool:
    """Return whether a word for now or once is part of something else: "as soon as", "every now and then"."""
    if (c.after == "-" and c.glued_after()) or c.near(c.tokens.words[c.at], "untimed") or _is_marker(c):
        return True
    if c.tokens.words[c.at] == "soon" and lexical_tense(c) == "past":
        return True  # "soon afterward commissioned", in a tale
    return c.before == c.after == "as" or c.before == "every" or _no_relday(c)


def _is_marker(c: Context) -> bool:
    """Return whether "now" only goes on with the talk: "Now, I know that …", "Now, as to the property"."""
    if c.surface != "Now":
        return False
    turning = c.second().endswith("ing") or c.near(c.second(), "talk_after")
    return c.near(c.after, "talk_behind") or (c.after == "," and turning)


def _no_relday(c: Context) -> bool:
    if c.surface.istitle() and c.capital_before():
        return True  # "USA Today"
    meaning = c.chunks.meanings[c.at]
    if meaning is not None and meaning.kind == "relday" and _is_generic(c):
        meaning.kind, meaning.code = "ref", _REFS[(meaning.steps > 0) - (meaning.steps < 0)]
    return False


_REFS = {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}


def _is_generic(c: Context) -> bool:
    """Return whether a day stands for its age: "the challenges of today and tomorrow", "today's world", "Ireland today is"."""
    if c.before == "of":
        return c.near(c.word_at(-2), "generic_of") or (
            c.chunks.meanings[c.at - 2] is None and _has_capital(c, c.at - 2) and c.word_at(-3) == "the"
        )
    if c.before in ("and", "or") and c.at > 1:
        first = c.chunks.meanings[c.at - 2]
        return first is not None and first.kind == "ref" and c.word_at(-2) in ("today", "yesterday")
    if c.after in ("'s", "’s"):
        return c.near(c.second(), "generic_owner") and not c.second()[:1].isdigit()
    return (
        c.surface == "today"
        and c.capital_before()
        and c.after in ("is", "has", "needs", "lacks")
        and c.word_at(-2) in ("", ".", "of", "in")
    )


def _has_capital(c: Context, i: int) -> bool:
    return i >= 0 and c.tokens.text[c.tokens.starts[i]].isupper()


def looks_back_in(context: Context) -> bool:
    """Return whether "in 25 years" is a record: "the greatest progress in 25 years"."""
    before = context.tokens.words[max(0, context.at - REACH_RECORD) : context.at]
    return any((len(word) > 5 and word.endswith("est")) or context.near(word, "record") for word in before)


REACH_RECORD = 7
"""Words before "in 25 years" among which one of a record is looked for."""


def _no_weekday(c: Context) -> bool:
    if c.before == "the" and c.near(c.after, "paper"):
        return c.capital_after()
    return c.tagged(c.before, "NAMEDAY") and c.surface[0].isupper()


def _no_era(c: Context) -> bool:
    return c.near(c.after, "before_year_end")


def _no_year(c: Context) -> bool:
    return _no_era(c) or _is_citation(c)


def _no_holiday(c: Context) -> bool:
    # "Easter Island", "the Good Friday Agreement"
    return c.near(c.after, "place_after") or (c.before == "the" and c.capital_after())


def _no_duration(c: Context) -> bool:
    """Return False; read "try it some time" as a time to come."""
    meaning = c.chunks.meanings[c.at]
    if meaning is not None and c.surface == "some time" and c.near(c.before, "thing_before"):
        meaning.kind, meaning.code = "ref", "FUTURE_REF"
    return False


def _is_newspaper(c: Context) -> bool:
    """Return whether a capital inside a sentence makes it a newspaper's name: the Haveeru Daily."""
    daily = c.tagged(c.tokens.words[c.at], "SETADV") and c.surface[0].isupper()
    return daily and c.before[:1].isalpha()


def _is_citation(c: Context) -> bool:
    """Return whether a year is that of a work referred to: "(Okoro et al. 2013)", "(Smith, 2013)"."""
    words, at = c.tokens.words, c.at
    if "al" in words[max(0, at - 3) : at]:
        return True
    named = at > 2 and words[at - 1] == "," and c.tokens.text[c.tokens.starts[at - 2]].isupper()
    return named and c.after in (")", ";") and words[at - 3] in ("(", ";", "&", "and")


_REFUSED = {
    "ref": _no_ref,
    "relday": _no_relday,
    "weekday": _no_weekday,
    "year": _no_year,
    "century": _no_era,
    "decade": _no_era,
    "holiday": _no_holiday,
    "duration": _no_duration,
}
"""Kind of time → what makes it none."""


def _year(meaning: Meaning, c: Context) -> bool:
    year = meaning.year or (meaning.of.year if meaning.of else 0) or 0
    if _is_glued_number(c) or c.tagged(c.after, "COUNTED") or c.tagged(c.before, "NUMBERED"):
        return False
    alone = YEAR_ALONE[0] <= year <= YEAR_ALONE[1]
    plural = c.after_chunk is None and _plural(c)
    if year > YEAR_AFTER_PREPOSITION[1]:
        return year <= LAST_YEAR and not plural and _looks_far(c)
    if c.tagged(c.tokens.words[c.at], "APPROX"):
        return alone and not plural
    taken = c.tagged(c.before, "YEARPREP")
    if meaning.weak == "weak words":
        return taken and alone
    if meaning.weak == "weak short":
        return taken or c.tagged(c.before, "MONTH")
    return _year_in_figures(c, year, alone, plural)


def _year_in_figures(c: Context, year: int, alone: bool, plural: bool) -> bool:
    """Return whether four figures are a year by the words beside them."""
    plural = plural and not c.tagged(c.after, "DATED") and not c.near(c.before, "owner")
    if c.tagged(c.before, "SUREPREP"):
        return YEAR_AFTER_PREPOSITION[0] <= year <= YEAR_AFTER_PREPOSITION[1] and (alone or not plural)
    if plural or c.after == "of" or (c.before == "at" and not c.after[:1].isalpha()):
        return False  # "1950 cases of measles and 2015 of mumps", "the index closed at 2016"
    if c.near(c.before, "year_article") and (c.after[:1].isalpha() or c.after == ")"):
        return YEAR_WITH_ARTICLE <= year <= YEAR_ALONE[1]
    return alone


def _is_glued_number(c: Context) -> bool:
    """Return whether signs that touch four figures make them another number: an identifier, a percentage."""
    if c.glued_before():
        if not c.near(c.before, "glue"):
            return True
        if (c.before in _DASHES or c.before == "/") and c.at > 1 and c.chunks.meanings[c.at - 2] is None:
            return True
    code = c.second()[:1].isalpha() and c.glued_after() and _has_inner_capital(c, c.at + 2)  # "2019-nCoV"
    dashed = c.after in _DASHES and (c.second().isdigit() or code)
    return c.glued_after() and (c.near(c.after, "year_glued_after_not") or dashed)


def _has_inner_capital(c: Context, i: int) -> bool:
    surface = c.tokens.text[c.tokens.starts[i] : c.tokens.ends[i]]
    return surface[1:] != surface[1:].lower() and not surface.isupper()


def _looks_far(c: Context) -> bool:
    """Return whether a year far ahead is meant: "by 2300", but not "rose by 2300"."""
    if not c.near(c.before, "far_year_before"):
        return False
    return c.before != "by" or not c.near(c.tokens.words[c.at - 2] if c.at > 1 else "", "changed_by")


def _plural(c: Context) -> bool:
    word = c.after
    if c.second() in ("a", "an", "the"):
        return False  # "the allocation for 2012 represents a cut"
    return (
        len(word) > 3
        and word[-1] == "s"
        and word[-2] not in "su'’"
        and word.isalpha()
        and not c.capital_after()
    )


def _month(meaning: Meaning, c: Context) -> bool:
    word = c.tokens.words[c.at]
    year_before = c.before_chunk is not None and c.before_chunk.kind == "year"
    taken = c.tagged(c.before, "PREP") or (c.before_chunk is not None and not year_before)
    if _joined_to_month(c):
        return True
    capital = c.surface[0].isupper()
    if c.tagged(word, "ABBREVIATED"):
        return capital and (c.surface.endswith(".") or taken) and c.surface.lower() != "mar."
    if not c.tagged(word, "AMBIGUOUS") or " " in c.surface:
        return True
    if not capital:
        return not c.near(word, "small_word") or (taken and not c.near(word, "verb_month"))
    return _ambiguous_month(word, taken, c)


def _joined_to_month(c: Context) -> bool:
    """Return whether another month follows: May and June."""
    if not c.near(c.after, "month_joint") or c.at + 2 >= len(c.tokens.words):
        return False
    following = c.chunks.meanings[c.at + 2]
    return following is not None and following.month is not None


def _ambiguous_month(word: str, taken: bool, c: Context) -> bool:
    """Return whether a word with a capital that is also a verb or a name is a month."""
    if taken:
        return word != "may" or not c.near(c.before, "may_verb") or c.before_chunk is not None
    if c.near(c.before, "article"):
        return c.after[:1].isalpha() and not c.capital_after()
    return not c.near(word, "verb_month") and not c.capital_after()


def _shortday(meaning: Meaning, c: Context) -> bool:
    if not c.surface[0].isupper():
        return False
    if c.surface.endswith("."):
        return True
    if c.near(c.surface.lower(), "short_risky"):
        return c.near(c.before, "short_before")
    return c.tagged(c.before, "PREP")


def _slashed(meaning: Meaning, c: Context) -> bool:
    if c.near(c.surface, "slash_name"):
        return False
    return c.near(c.before, "slash_before") or c.before_chunk is not None


def _monthday(meaning: Meaning, c: Context) -> bool:
    """Return whether "the 3rd" is a day: "on the 3rd will", "between the 3rd and the 7th", not "on the 3rd floor"."""
    opened = c.near(c.before, "monthday_before") or _second_of_days(c)
    return opened and not _counts_noun(c)


def _second_of_days(c: Context) -> bool:
    """Return whether another day of the month stands before it: "from the 3rd to the 7th"."""
    first = c.chunks.meanings[c.at - 2] if c.at > 1 else None
    joined = c.before in ("to", "and", "or", "through", "-", "–")
    return joined and first is not None and first.kind == "day" and c.near(c.word_at(-3), "monthday_before")


def _counts_noun(c: Context) -> bool:
    """Return whether a word follows that the ordinal may count."""
    if not c.after[:1].isalpha() or c.after_chunk is not None:
        return False
    if c.after in ("and", "or", "to") and c.second()[:1].isdigit() and c.word_at(3)[:1].isalpha():
        return not c.tagged(c.word_at(3), "PREP")  # "the 3rd and 4th floors"
    verb = c.tagged(c.after, "FUTURECUE") or c.tagged(c.after, "PASTCUE")
    return c.after == "of" or not (verb or c.tagged(c.after, "PREP") or c.near(c.after, "clause_after"))


def _the(meaning: Meaning, c: Context) -> bool:
    before = c.tokens.words[c.at - 2] if c.before in _DASHES and c.at > 1 else c.before
    return c.tokens.words[c.at] == "the" or c.near(before, "edge")


def _half(meaning: Meaning, c: Context) -> bool:
    if _is_match(c):
        return False
    if "-" in c.surface and c.after[:1].isalpha():
        return reports_results(c)  # "first-half profit", not "a first-half goal"
    return c.after != "of" and c.near(c.before, "half_before")


def _is_match(c: Context) -> bool:
    """Return whether the words around are about a game, whose halves and quarters are no times of a year."""
    words = c.tokens.words[max(0, c.at - REACH_RESULTS) : c.at + REACH_RESULTS]
    return any(c.near(word, "match_words") for word in words)


def _season(meaning: Meaning, c: Context) -> bool:
    words = c.surface.lower().split()
    if c.surface[-len(words[-1])].isupper() and c.capital_after():
        return False
    if c.near(words[-1], "season_verb"):
        if c.near(c.after, "season_after_not"):
            return False
        return c.near(c.before, "season_before") or (words[0] == "the" and not c.after.isalpha())
    if c.near(words[0], "season_first") or not c.after.isalpha() or c.tagged(c.after, "PREP"):
        return True
    return c.near(c.before, "edge")


def _season_pointed(meaning: Meaning, c: Context) -> bool:
    """Tell "this fall the council votes" from "this fall in prices"."""
    return not (c.near(c.surface.lower().split()[-1], "season_verb") and c.near(c.after, "season_after_not"))


def _quarter_the(meaning: Meaning, c: Context) -> bool:
    return not c.near(c.after, "quarter_after_not") and not c.tagged(c.after, "NUMSCALE")


def _year_the(meaning: Meaning, c: Context) -> bool:
    dated = c.at + 2 < len(c.tokens.words) and c.chunks.meanings[c.at + 2] is not None
    if c.near(c.after, "year_closed") or (c.near(c.after, "closing_year") and dated):
        meaning.kind, meaning.count, meaning.fiscal = "duration", 1.0, False
        return True
    return c.after not in _DASHES and (not c.before or c.near(c.before, "year_before"))


def _unit_the(meaning: Meaning, c: Context) -> bool:
    if meaning.unit == "W" and c.near(c.after, "year_closed"):
        meaning.kind, meaning.count = "duration", 1.0  # "the week ended Oct. 20"
        return True
    return c.near(c.before, "unit_before") and not c.near(c.after, "unit_after_not")


def _always(meaning: Meaning, c: Context) -> bool:
    return True


def _never(meaning: Meaning, c: Context) -> bool:
    return False


def _article(meaning: Meaning, c: Context) -> bool:
    unit = meaning.unit or ""
    if meaning.mod is not None:
        return True
    if c.after in ("has", "had", "have") and c.near(c.second(), "gone"):
        return True  # "a century has passed"
    if unit in _NOT_WITH_ARTICLE:
        return False
    if _rate(c):
        meaning.kind, meaning.code = "set", None
        return not unit.startswith("T") or (unit == "TH" and not c.near(c.before, "speed_before"))
    if c.near(c.after, "relation") or meaning.extra:
        return True
    if unit == "TM":
        return c.near(c.before, "minute_before")
    return not c.near(c.before, "rate_before") and _is_length(c)


def _is_length(c: Context) -> bool:
    """Return whether "a week" says how long: behind a preposition of duration, or with more words than these."""
    return c.tagged(c.before, "DURATIONPREP") or "-" in c.surface or c.surface.count(" ") > 1


def _rate(c: Context) -> bool:
    """Return whether "a year" follows an amount ("$500", "2.4 million barrels", "5 percent")."""
    if c.tokens.words[c.at] not in ("a", "an"):
        return False
    for i in range(c.at - 1, c.at - 1 - REACH_RATE, -1):
        if i < 0 or c.chunks.meanings[i] is not None:
            return False
        if _is_number(c, i):
            return True
        if not _may_be_counted(c, c.tokens.words[i]):
            return False
    return False


def _is_number(c: Context, i: int) -> bool:
    word = c.tokens.words[i]
    spelled = c.tagged(word, "NUMWORD") or c.tagged(word, "NUMSCALE")
    return spelled or word[:1].isdigit() or bool(c.tokens.values[i])


def _may_be_counted(c: Context, word: str) -> bool:
    """Return whether a word may stand between a number and its rate."""
    if not word[:1].isalpha():
        return c.near(word, "rate_sign")
    return word == "of" or not c.tagged(word, "PREP")


def _bare(meaning: Meaning, c: Context) -> bool:
    if meaning.unit == "TS":
        return False
    if c.near(c.after, "relation"):
        return True
    return c.near(c.before, "bare_before") and (c.after != "of" or c.near(c.before, "bare_span"))


def _adjective(meaning: Meaning, c: Context) -> bool:
    if c.tokens.words[c.at] == "current" and c.near(c.after, "current_account"):
        return False  # "gross current spending", of a budget
    if c.tagged(c.after, "MONEYSIGN"):
        return True
    word = c.after_chunk is None and c.after[:1].isalpha()
    return word and not c.tagged(c.after, "PREP") and not (c.capital_after() and c.surface[0].isupper())


def _at(meaning: Meaning, c: Context) -> bool:
    if c.before == "for":
        return c.after != "of"
    if c.surface.lower() == "the present" and c.before != "at" and _adjective(meaning, c):
        meaning.start = c.tokens.ends[c.at] - len("present")
        return True  # "the present rules"
    if c.before == "at":
        return not c.near(c.after, "moment_after_not")
    return c.near(c.before, "moment_ref_before") and (not c.after.isalpha() or c.tagged(c.after, "PREP"))


def _instant(meaning: Meaning, c: Context) -> bool:
    return c.near(c.before, "instant_before")


def _then(meaning: Meaning, c: Context) -> bool:
    """Return whether "the time" is that of the tale: "at the time"; not "at the time of the fire"."""
    return c.near(c.before, "instant_before") and (
        not c.after[:1].isalpha() or c.near(c.after, "clause_after")
    )


def _date(meaning: Meaning, c: Context) -> bool:
    """Return whether "to date" is the present: not "the person to date"."""
    return not c.after[:1].isalpha() or c.before == "year" or c.near(c.after, "clause_after")


def _past(meaning: Meaning, c: Context) -> bool:
    if c.after_chunk is not None or c.after[:1].isdigit():
        return False
    return not c.after[:1].isalpha() or c.tagged(c.after, "PREP") or c.near(c.before, "past_before")


def _clock(meaning: Meaning, c: Context) -> bool:
    near = c.tokens.words[max(0, c.at - REACH_RECORD) : c.at + (4 if c.after == "to" else 0)]
    if any(c.near(word, "ratio") for word in near):
        return False  # "from 1:10 to a ratio of 1:11"
    return c.near(c.before, "clock_before") and (c.after not in _DASHES or not c.glued_after())


def _moment(meaning: Meaning, c: Context) -> bool:
    return c.near(c.before, "dawn_before")


def _daypart(meaning: Meaning, c: Context) -> bool:
    surface = c.surface.lower()
    if c.surface.split()[-1][0].isupper() and c.capital_after():
        return False  # "the Evening Herald"
    if surface == "the night":
        return c.near(c.before, "night_before") and c.after != "of"
    if surface.startswith("the "):
        return True
    return c.near(c.before, "daypart_before") and c.surface.islower()


def _of(meaning: Meaning, c: Context) -> bool:
    return meaning.of is not None or meaning.year is not None


def _new(meaning: Meaning, c: Context) -> bool:
    """Return whether "the new year" is the next one: "in the new year", not "the new year celebrations"."""
    return not c.after[:1].isalpha() or c.tagged(c.after, "PREP") or c.near(c.after, "clause_after")


_DASHES = ("-", "–", "—")
_NOT_WITH_ARTICLE = ("Q", "TS", "C", "L")
"""Units that "a" makes something else: a quarter, a second, a century."""

_CHECKS = {
    "weak": _year,
    "month": _month,
    "shortday": _shortday,
    "slashed": _slashed,
    "monthday": _monthday,
    "the": _the,
    "half": _half,
    "season": _season,
    "season_pointed": _season_pointed,
    "quarter_the": _quarter_the,
    "year_the": _year_the,
    "month_the": _unit_the,
    "week_the": _unit_the,
    "day_the": _never,
    "weekend_the": _always,
    "decade_the": _unit_the,
    "century_the": _unit_the,
    "article": _article,
    "rate": _article,
    "bare": _bare,
    "adjective": _adjective,
    "at": _at,
    "instant": _instant,
    "then": _then,
    "past": _past,
    "date": _date,
    "clock": _clock,
    "moment": _moment,
    "daypart": _daypart,
    "of": _of,
    "set_adjective": _always,
    "new": _new,
}
