"""What a figure measures: the noun phrase, with pronouns, ellipsis and "the figures" resolved.

A figure stands in one of a few places in the tree, and each says where the measured thing is:
the subject of the verb that reaches it ("trade totalled $97 million"), the complement of a share
("80 % of gas exports"), the counted noun ("32 projects"), the noun it modifies ("the $11 billion debt"),
or what stands beside a noun of change ("a fall of 0.4 % in output").

`place` says where a figure stands; `nouns` finds the noun that this ties it to, `clauses` what a clause measures, `counting` what a
number of things counts; `reference` spells that out in the words that `wording` leaves, and `topics` keeps what later sentences may point back to.
"""

from __future__ import annotations

from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects import clauses, counting, nouns
from claimtable.nlp.claims.subjects.bare import casualties, elliptical
from claimtable.nlp.claims.subjects.comparison import (
    Found,
    compared_with,
    coordinated_with,
    counted_before,
    figure_of,
    level_with,
    object_like,
)
from claimtable.nlp.claims.subjects.partitive import part_of, with_said
from claimtable.nlp.claims.subjects.place import Place, base_of, place_of, predicate_of
from claimtable.nlp.claims.subjects.records import MAX_TOKENS, Measured, Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish, from_measured, from_topic
from claimtable.nlp.claims.subjects.series import continued
from claimtable.nlp.claims.subjects.topics import remember
from claimtable.nlp.claims.subjects.wording import kind_of, other_figures
from claimtable.schema import Quantity

__all__ = [
    "Measured",
    "Memory",
    "Place",
    "Subject",
    "find_subject",
    "finish",
    "from_topic",
    "kind_of",
    "place_of",
    "remember",
]

_FIRST_PERSON = frozenset(["i", "we"])
_ON = frozenset(["on", "toward", "towards", "into"])
"""Prepositions of what money is spent on, which "funds" does not take."""
_OF_COMPLEMENT = frozenset(["share", "money", "count", None, "factor"])
"""Dimensions whose "of X" or "in X" is the measured thing."""


def find_subject(ctx: Context, place: Place, sentence: Sentence, memory: Memory, here: Found = ()) -> Subject:
    """Returns what the quantity at `place` measures.

    What is said of another figure ("$5 million, which works out at …") is about what that one measures.

    Args:
        ctx: the document.
        place: where the figure stands.
        sentence: its sentence.
        memory: what earlier sentences were about.
        here: the figures of the sentence before this one, with their subjects.
    """
    found = _subject_by_place(ctx, place, sentence, memory, here)
    if found.head is not None:
        other = figure_of(ctx, found.head, here)
        if other is not None:
            return replace(other, predicate=found.predicate)
    if found.text is not None and found.text.lower() in _FIRST_PERSON:
        found = _what_we_did(place, here) or found
    if place.quantity.unit is None and found.unit is None and not place.counted:
        found = replace(found, unit=_things_at_level(ctx, place, found))
    if place.quantity.unit is None and found.unit is None and here:
        found = object_like(ctx, place, here, found) or level_with(ctx, place, here, found)
    return found


def _things_at_level(ctx: Context, place: Place, found: Subject) -> str | None:
    """Returns the noun of things whose number a bare level is: "complaints rose to 9,800"; None for "shares rose to 450"."""
    t, head = ctx.t, found.head
    q = place.quantity
    if head is None or q.dimension not in (None, "count") or q.value is None or q.value != int(q.value):
        return None
    level = t.rel[place.head] == "obl" and t.lower[place.first - 1] in ("to", "from", "at")
    known = ctx.nouns.money | ctx.nouns.anaphor | ctx.nouns.measure | ctx.nouns.priced | ctx.nouns.mean
    return t.lemma[head] if level and t.tag[head] == "NNS" and t.lemma[head] not in known else None


def _what_we_did(place: Place, here: Found) -> Subject | None:
    """Returns what the figure before measures, where the one who speaks is the subject of this one: "we spent 3 million on …, now 4 million"."""
    q = place.quantity
    for other, subject in reversed(here):
        bare = q.unit is None and other.counted
        if subject.text and (bare or q.dimension == other.quantity.dimension):
            return replace(subject, unit=other.quantity.unit if bare else subject.unit)
    return None


def _subject_by_place(ctx: Context, place: Place, sentence: Sentence, memory: Memory, here: Found) -> Subject:
    t = ctx.t
    q, head = place.quantity, place.head
    drop = place.number_tokens(t) | other_figures(ctx, head, q)
    base = base_of(ctx, place, sentence)
    verb = predicate_of(t, base)
    other = (
        compared_with(ctx, place, sentence, here)
        or coordinated_with(ctx, place, here)
        or continued(ctx, place, sentence, here)
    )
    if other is not None:
        return replace(other, predicate=verb)
    sampled = nouns.sampled(ctx, place)
    if sampled is not None:
        whole = finish(ctx, sampled, drop, verb, memory)
        return with_said(ctx, whole, base, verb)
    if not place.counted and nouns.is_set_off(ctx, place.first, place.end):
        beside = nouns.noun_before_comma(ctx, place.first, sentence.start)
        if beside is not None and not place.holds(beside) and beside not in ctx.measured:
            return finish(ctx, beside, drop, beside, memory, q)
    told = counting.restricted(ctx, place) if q.dimension == "share" else None
    if told is not None:
        return Subject(told, None, verb, told=True)
    contestant = nouns.contestant(ctx, place, base)
    if contestant is not None:
        return finish(ctx, contestant, drop, verb, memory)
    scaled = nouns.scaled(ctx, place)
    if scaled is not None:
        scale, thing = scaled
        what = finish(ctx, thing, [*drop, *t.subtree(scale)], verb, memory)
        return replace(what, text=f"{t.lower[scale]} of {what.text}") if what.text else what
    located = nouns.located(ctx, place, base) if q.dimension == "length" else None
    if located is not None:
        return finish(ctx, located, drop, verb, memory)
    if q.dimension == "ratio" and here and _is_multiple_of_other(ctx, place):
        return replace(here[-1][1], predicate=verb, unit=None)
    part = part_of(ctx, place, base, verb, drop, memory, here) if not place.counted else None
    if part is not None:
        return part
    people = casualties(ctx, place, base, verb, memory, here)
    if people is not None:
        return people
    if _lost_verb(ctx, place, base, sentence):
        return elliptical(ctx, place.end, memory, here)
    if place.counted:
        return counting.counted(ctx, place, drop, verb, memory)
    if q.dimension == "share" and nouns.is_amount_of_noun(ctx, base):
        return clauses.under_noun(ctx, place, base, t.head[base], drop, memory)
    complement = nouns.complement(ctx, place)
    if (
        complement is not None
        and (
            q.dimension in _OF_COMPLEMENT
            or (q.dimension != "time" and syntax.case_word(t, complement) == "of")
        )
        and not _is_part(ctx, q, complement, base, verb)
        and not _is_of_the_total(ctx, complement, verb)
        and not nouns.is_level_reached(ctx, place, base, verb)
        and not (q.change is not None and syntax.case_word(t, complement) == "in" and _moves(ctx, base, verb))
    ):
        whole = finish(ctx, complement, drop, verb, memory, q)
        return counting.taken(ctx, place, base, verb, drop, whole, memory)
    compared = nouns.compared_noun(ctx, base)
    if compared is not None:
        return finish(ctx, compared, drop | {t.head[base]}, verb, memory, q)
    modified = nouns.noun_modified(ctx, base)
    if modified is not None and nouns.is_bare_change(ctx, modified):
        return clauses.under_noun(ctx, place, base, modified, drop, memory)
    if modified is not None:
        return finish(ctx, modified, drop, modified, memory, q)
    yardstick = nouns.yardstick(ctx, base)
    compared_by = syntax.subject(t, yardstick) if yardstick is not None else None
    if compared_by is not None:
        return finish(ctx, compared_by, drop, yardstick, memory, q)
    if t.rel[base] == "nmod" and t.pos[t.head[base]] in ("NOUN", "PROPN"):
        return clauses.under_noun(ctx, place, base, t.head[base], drop, memory)
    worth = nouns.worth(ctx, place, sentence.start)
    if worth is not None:
        return finish(ctx, worth, drop, verb, memory, q)
    valued = nouns.valued(ctx, place)
    if valued is not None:
        return finish(ctx, valued, drop, t.head[valued], memory, q)
    purpose = nouns.purpose(ctx, place, base, verb)
    if purpose is not None:
        return _funds(ctx, place, purpose, verb, memory)
    receiver = nouns.recipient(ctx, place, base, verb)
    if receiver is not None:
        who = finish(ctx, receiver, drop, verb, memory)
        return replace(who, text=f"funds for {who.text}" if who.text else None)
    if t.rel[base] == "nsubj" and verb is not None and q.dimension == "share":
        again = memory.share()
        if again is not None and not again.told:
            return from_measured(again, verb)
        if t.lemma[verb] == "do" and syntax.child(t, verb, "obj") is None:
            doer = syntax.subject(t, t.head[verb])  # "passengers can claim, though fewer than half ever do"
            if doer is not None and doer != base:
                return finish(ctx, doer, drop, verb, memory)
        unnamed = memory.agreeing(plural=True) is None and counted_before(here) is None
        if unnamed and t.pos[verb] == "VERB":
            return counting.respondents(ctx, place, verb)
    said_to_be = verb is not None and t.pos[verb] == "NOUN" and syntax.child(t, verb, "cop") is not None
    if t.rel[base] == "nsubj" and verb is not None and said_to_be and q.unit is not None:
        return finish(ctx, verb, {*drop, *t.subtree(base)}, verb, memory, q)  # "$100 was a fair price"
    if t.rel[base] == "nsubj" and verb is not None:
        return elliptical(ctx, verb, memory, here, base)
    if nouns.is_apposed(ctx, place, base):
        what = finish(ctx, t.head[base], drop, t.head[base], memory, q)
        listed = t.text[place.first - 1] == ":" and t.tag[t.head[base]] == "NNS"  # "Doses left: 215,000"
        return replace(what, unit=t.lemma[t.head[base]]) if listed and not what.unit else what
    found = clauses.of_clause(ctx, place, base, drop, verb, memory) if verb is not None else None
    return found or from_topic(memory.topic, verb)


def _is_multiple_of_other(ctx: Context, place: Place) -> bool:
    """Tells ", nearly three times the national figure": behind a comma, without a verb, it is said of the figure before."""
    t = ctx.t
    i = place.first - 1
    while i > 0 and t.pos[i] == "ADV":
        i -= 1
    return t.text[i] == "," and place.end < t.n and t.pos[place.end] in ("DET", "PRON")


def _lost_verb(ctx: Context, place: Place, base: int, sentence: Sentence) -> bool:
    """Tells whether a past form after a bare number is its verb: parsers lose it in "15 left in 2010, 152 left in 2011"."""
    t = ctx.t
    return (
        not place.counted
        and place.quantity.unit is None
        and t.rel[base] != "nsubj"
        and t.pos[max(place.first - 1, 0)] != "ADP"  # "a crowd of 3,000 gathered"
        and place.end < sentence.end
        and t.tag[place.end] in ("VBD", "VBN")
        and t.pos[place.end - 1] == "NUM"
    )


def _is_part(ctx: Context, q: Quantity, complement: int, base: int, verb: int | None) -> bool:
    """Tells whether a sum is part of its complement, not its amount: "exports made up $32 million of the total"."""
    t = ctx.t
    owner = syntax.subject(t, verb) if verb is not None and verb != base else None
    of = syntax.case_word(t, complement) == "of"
    return q.dimension == "money" and of and t.rel[base] == "obj" and owner is not None


def _is_of_the_total(ctx: Context, complement: int, verb: int | None) -> bool:
    """Tells "cars account for 14 percent of the total", where the subject says more than the complement."""
    t = ctx.t
    who = syntax.subject(t, verb) if verb is not None else None
    return (
        t.lemma[complement] in ctx.nouns.anaphor
        and t.tag[complement] != "NNS"
        and all(t.lower[c] in ctx.nouns.pointer or t.rel[c] == "case" for c in t.children[complement])
        and who is not None
        and who not in ctx.measured
    )


def _moves(ctx: Context, base: int, verb: int | None) -> bool:
    """Tells whether a verb says of its subject by how much it moved: "shares fell 6 percent in early trading"."""
    t = ctx.t
    return verb is not None and t.head[base] == verb and syntax.subject(t, verb) is not None


def _funds(ctx: Context, place: Place, purpose: int, verb: int | None, memory: Memory) -> Subject:
    t = ctx.t
    if t.pos[purpose] == "PRON":
        return replace(finish(ctx, purpose, (), verb, memory), predicate=verb)
    relative = set(other_figures(ctx, purpose, place.quantity))
    relative |= {i for c in t.children[purpose] if t.dep[c] == "acl:relcl" for i in t.subtree(c)}
    inside = [i for i in t.subtree(purpose) if not (place.holds(i) or ctx.is_time(i) or i in relative)][
        :MAX_TOKENS
    ]
    phrase = syntax.text_of(t, ctx.text, inside, determiner=True).strip(' "“”,.;')
    first, _, rest = phrase.partition(" ")
    if first.lower() in _ON:
        phrase = f"for {rest}"
    return Subject(f"funds {phrase}", purpose, verb)
