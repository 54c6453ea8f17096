"""Events that are fixed for a day to come: "is to open", "debts to be paid", "the talks begin on Monday"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from claimtable.nlp import syntax
from claimtable.nlp.predictions.ahead import lies_ahead
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import TimeExpression


def scheduled_infinitive(
    t: Tokens, to: int, times: Sequence[TimeExpression], published: date | None
) -> int | None:
    """Return the verb of "is to open", "are to be held", or of a noun's "to be paid"; None for other infinitives.

    Also that of "with a vote to follow within two months", which a time to come tells from "a man with a car to sell".
    """
    verb = t.head[to]
    if t.lemma[verb] in words().fixed_infinitive:
        return None
    if any(
        c < to and t.rel[c] in ("aux", "cop") and t.lemma[c] == "be" and t.tag[c] in ("VBZ", "VBP", "VBD")
        for c in t.children[verb]
    ):
        if syntax.is_inverted(t, verb) or _is_open(t, verb):
            return None  # "were the tax to be scrapped", "if the tax is to be cut"
        who = syntax.child(t, verb, "nsubj", "nsubj:pass", "nsubj:outer")
        if who is None or t.lemma[who] not in words().consisting:
            return verb
        # "the aim is to open 30 shops by 2016" is a target, "the aim is to help" says what it consists in
        aim = t.lemma[who] in words().purpose and any(_is_due(t, x, verb, published) for x in times)
        return verb if aim else None
    passive = any(t.dep[c] == "aux:pass" and t.tag[c] == "VB" for c in t.children[verb])
    noun = t.head[verb]
    if (
        t.rel[verb] == "acl"
        and t.rel[noun] == "obl"
        and syntax.case_word(t, noun) == "with"
        and any(_is_due(t, x, verb, published) for x in times)
    ):
        return verb
    if not passive or t.rel[verb] != "acl" or t.pos[noun] not in ("NOUN", "NUM", "SYM", "PROPN"):
        return None
    if not any(t.pos[c] in ("NUM", "SYM") for c in t.subtree(noun) if c < to) and not any(
        _is_due(t, x, verb, published) for x in times
    ):
        return None  # "a reason for the line to be completed", "seed to be sown": no plan is set
    order = words().order  # "the first to be paid" was
    if t.lower[noun] in order or any(t.lower[c] in order for c in t.children[noun] if t.rel[c] != "nummod"):
        return None
    return verb


def _is_open(t: Tokens, verb: int) -> bool:
    """Return whether a conjunction leaves open that a clause holds: "if", "whether"."""
    return any(t.rel[c] == "mark" and t.lower[c] in words().no_claim_mark for c in t.children[verb])


def _is_added(t: Tokens, verb: int) -> bool:
    """Return whether a relative clause adds what its noun does: "the law, *which comes into force in July*"."""
    who = syntax.child(t, verb, *syntax.SUBJECTS)
    return t.dep[verb] == "acl:relcl" and who is not None and t.tag[who] in ("WDT", "WP")


def _is_due(t: Tokens, x: TimeExpression, verb: int, published: date | None) -> bool:
    """Return whether a time to come depends on the verb."""
    if x.time_end is None or not lies_ahead(x, published):
        return False
    root = syntax.span_root(t, *t.range(x.start, x.end))
    return syntax.path_to(t, root, verb) is not None


def due_infinitive(
    t: Tokens, due: int, times: Sequence[TimeExpression], published: date | None
) -> int | None:
    """Return the verb of "is due to open in June" where the parse has "due to" as a preposition and the verb as its noun.

    "The delay is due to rain" is that indeed: so only a bare word with a time after publication is taken.
    """
    verb = t.head[due]
    if (
        t.rel[due] != "case"
        or verb != due + 2
        or t.lower[due + 1] != "to"
        or t.tag[verb] not in ("NN", "VB", "VBP")
    ):
        return None
    present = any(t.rel[c] == "cop" and t.tag[c] in ("VBZ", "VBP") for c in t.children[verb])
    ahead = any(
        (x.time_end is None or published is None or x.time_end > published)
        and t.range(x.start, x.end)[0] > verb
        for x in times
    )
    return verb if present and ahead else None


def scheduled_present(t: Tokens, x: TimeExpression, published: date, a: int, b: int) -> int | None:
    """Return the present-tense predicate that a strictly future date modifies ("the talks begin on Monday").

    Args:
        t: the columns of the document.
        x: the time expression.
        published: the publication date.
        a: first token of the sentence.
        b: token after its last.
    """
    if (
        x.type not in ("DATE", "TIME")
        or x.time_start is None
        or x.time_start <= published
        or x.preposition in words().limit
    ):
        return None
    first, last = t.range(x.start, x.end)
    root = syntax.span_root(t, first, last)
    if t.rel[root] not in ("obl", "advmod", "nmod") or not a <= root < b:
        return None
    verb = t.head[root]
    if not _is_present(t, verb) or _recurs(t, first, verb):
        return None
    if any(
        t.lower[c] in words().no_claim_mark or (t.lower[c] in words().time_mark and t.rel[c] == "mark")
        for c in t.children[verb]
    ):
        return None  # "before he leaves next week" says when something else comes
    return verb if syntax.is_finite(t, verb) and not any(t.tag[c] == "MD" for c in t.children[verb]) else None


def _is_present(t: Tokens, verb: int) -> bool:
    """Return whether a verb may tell in the present tense what is fixed, by its clause or one that adds to its noun."""
    if t.pos[verb] != "VERB" or t.tag[verb] in ("VBD", "VBN") or syntax.is_past(t, verb):
        return False
    return t.rel[verb] != "acl" or _is_added(t, verb)


def _recurs(t: Tokens, first: int, verb: int) -> bool:
    """Return whether time or verb say what recurs: "on a Monday", "usually begins in September"."""
    any_day = t.lower[first] == "a" and first + 1 < t.n and t.pos[first + 1] == "PROPN"
    return any_day or any(t.lower[c] in words().frequency for c in t.children[verb])
