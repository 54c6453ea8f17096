"""A subject spelled out: its phrase, or what a pronoun, "the figures" or a bare number points back to."""

from __future__ import annotations

import re
from collections.abc import Collection

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.subjects.records import (
    MAX_TOKENS,
    Measured,
    Memory,
    Subject,
    Topic,
    last_measured,
)
from claimtable.nlp.claims.subjects.wording import (
    named_beside,
    other_figures,
    phrase_of,
    taken_up,
    without_leading_time,
)
from claimtable.nlp.mentions import PRONOUNS, mentions_in, resolve_pronoun
from claimtable.schema import Quantity

_DEMONSTRATIVES = frozenset(["it", "this", "that", "these", "those", "they"])
_POSSESSIVES = frozenset(["its", "their", "his", "her"])
_FREE_RELATIVES = frozenset(["what", "whatever", "whoever"])
_PRO_FORMS = frozenset(["one", "ones"])
_RELATIVES = frozenset(["which", "who"])
_PLURAL_PRONOUNS = frozenset(["they", "them", "these", "those", "their"])


def finish(
    ctx: Context,
    head: int,
    drop: Collection[int],
    verb: int | None,
    memory: Memory,
    measured: Quantity | None = None,
) -> Subject:
    """Make the subject phrase of `head` and resolve what points elsewhere.

    Args:
        ctx: the document.
        head: head noun or pronoun of the phrase.
        drop: tokens that do not belong to it.
        verb: the predicate that relates it to the figure.
        memory: what was said before.
        measured: the figure that it is the subject of.
    """
    t = ctx.t
    if t.lower[head] in _DEMONSTRATIVES | PRONOUNS | _RELATIVES | _FREE_RELATIVES:
        if any(
            t.rel[c] == "acl" or (t.rel[c] == "nmod" and t.lower[head] in _PLURAL_PRONOUNS)
            for c in t.children[head]
        ):
            who = [i for i in t.subtree(head) if i >= head and i not in drop][:MAX_TOKENS]
            told = syntax.text_of(t, ctx.text, who).rstrip(" ,;")  # "those who waited", "what he picked"
            noun = last_noun(memory) if t.lower[head] == "those" and told.split()[1:2] == ["of"] else None
            return Subject(f"{noun} {told.partition(' ')[2]}" if noun else told, head, verb)
        antecedent = _antecedent(ctx, head) if t.lower[head] in _RELATIVES else None
        if antecedent is not None:
            return finish(ctx, antecedent, drop, verb, memory, measured)
        return _resolved(ctx, head, verb, memory, measured)
    if t.lower[head] == "each" and memory.current:
        return from_measured(memory.current[-1], verb)  # "12 satellites, each weighing 50 kg"
    if t.lower[head] in _PRO_FORMS and (noun := _standing_for(ctx, head)) is not None:
        return Subject(noun, head, verb)
    times = (c for c in t.children[head] if t.dep[c] == "nmod:unmarked" and ctx.is_time(c))
    drop = frozenset(drop) | other_figures(ctx, head, measured)
    drop |= {i for c in times for i in t.subtree(c)}  # "shares this year"
    phrase = _without_circumstance(ctx, without_leading_time(ctx, phrase_of(ctx, head, drop), head), head)
    name = taken_up(ctx, phrase, head) or named_beside(ctx, phrase, head)
    if name is not None:
        return Subject(name, head, verb)
    text = syntax.text_of(t, ctx.text, phrase)
    is_part = t.tag[head] == "NNS" and t.rel[head] == "nmod"  # "3 percent of the shares"
    if (
        t.lemma[head] in ctx.nouns.anaphor
        and not is_part
        and all(t.lower[i] in ctx.nouns.pointer or i == head for i in phrase)
    ):
        return _anaphor(ctx, text, head, verb, memory, measured)
    unit = _number_of(ctx, head) if measured is not None and measured.unit is None else None
    return Subject(with_possessor(ctx, phrase, text, memory), head, verb, unit=unit)


def last_noun(memory: Memory) -> str | None:
    """Return the noun of what the last share was of: "prices" of "prices of services", of "consumer prices"."""
    last = memory.share() or memory.last.get("share")
    if last is None:
        return None
    words = re.split(r" (?:of|for|in) ", last.subject)[0].split()
    return words[-1] if words and words[-1].isalpha() and not words[-1].isupper() else None


def _without_circumstance(ctx: Context, phrase: list[int], head: int) -> list[int]:
    """Return a phrase without what a comma and "with" add to it: "any meeting of the two, with talks under way elsewhere"."""
    t = ctx.t
    cut = next((i for i in phrase if i > head and t.lower[i] == "with" and t.text[i - 1] == ","), t.n)
    return [i for i in phrase if i < cut]


def _antecedent(ctx: Context, relative: int) -> int | None:
    """Return the noun right before a "who" or "which" that the parser has hung elsewhere, of an apposition that whose name it bears."""
    t = ctx.t
    i = relative - 1
    if i > 0 and t.text[i] == ",":
        i -= 1
    if i < 0 or t.sent[i] != t.sent[relative] or t.pos[i] not in ("NOUN", "PROPN"):
        return None
    while (
        t.rel[i] in ("compound", "flat", "nmod") and t.head[i] < i and t.pos[t.head[i]] in ("NOUN", "PROPN")
    ):
        i = t.head[i]
    return i


def _standing_for(ctx: Context, one: int) -> str | None:
    """Return the phrase of "a lower one in Japan" with the noun before it that "one" stands for, None where it has no adjective."""
    t = ctx.t
    if not any(t.rel[c] == "amod" for c in t.children[one]):
        return None
    start = t.sents[t.sent[one]][0]
    tag = "NNS" if t.lower[one] == "ones" else "NN"
    noun = next(
        (
            i
            for i in range(one - 1, start - 1, -1)
            if t.tag[i] == tag
            and any(t.rel[c] in ("amod", "det") for c in t.children[i])
            and not ctx.is_time(i)
            and i not in ctx.measured
        ),
        None,
    )
    if noun is None:
        return None
    kept = [c for c in t.children[noun] if t.rel[c] == "compound" and c < noun]
    name = syntax.text_of(t, ctx.text, [*kept, noun])
    phrase = syntax.noun_phrase(t, one)
    parts = [syntax.text_of(t, ctx.text, [i for i in phrase if i < one]), name]
    parts.append(syntax.text_of(t, ctx.text, [i for i in phrase if i > one], determiner=True))
    return " ".join(part for part in parts if part)


def _number_of(ctx: Context, head: int) -> str | None:
    """Return the noun of the things whose number, "the number of visitors", a bare figure gives."""
    t = ctx.t
    if t.lemma[head] not in ctx.nouns.measure:
        return None
    return next(
        (
            t.lemma[c]
            for c in t.children[head]
            if t.rel[c] == "nmod" and t.tag[c] == "NNS" and syntax.case_word(t, c) == "of"
        ),
        None,
    )


def from_topic(topic: Topic | None, verb: int | None) -> Subject:
    """Return the topic as the subject of a figure, unresolved where there is none."""
    if topic is None:
        return Subject(None, None, verb, resolved=False)
    return Subject(topic.text, None, verb, unit=topic.unit)


def from_measured(measured: Measured, verb: int | None) -> Subject:
    """Return the subject of another figure as that of this one too."""
    return Subject(measured.subject, None, verb, unit=measured.unit)


def _anaphor(
    ctx: Context, text: str, head: int, verb: int | None, memory: Memory, measured: Quantity | None
) -> Subject:
    """Return what a bare "the figure" stands for: what was measured last, else what the text was about.

    "The rate" is a share, and "the number" counts, however long ago the section had one.
    """
    own = _kind_of(ctx, head)
    kind = own or (measured.dimension if measured is not None and measured.unit else None)
    here = last_measured(memory.current, kind, memory.paragraph)
    if here is None and measured is not None and measured.dimension == "share":
        here = last_measured(memory.current, "share", memory.paragraph)  # "that number fell to 35 percent"
    if here is not None and (measured is not None or own is not None):
        return from_measured(here, verb)
    if own == "share" and measured is not None and measured.unit is None:
        per = next((m for m in reversed(memory.series) if "/" in (m.unit or "")), None)
        if per is not None:
            return from_measured(per, verb)  # "412 cases per 100,000 people. The rate … (980)"
    nearest = memory.series[-1] if memory.series else None
    if measured is None and (nearest is None or nearest.paragraph != memory.paragraph):
        return Subject(text, head, verb, resolved=False)
    if nearest is not None and "number" not in (memory.topic.text if memory.topic else ""):
        alike = (m for m in reversed(memory.series) if kind in (None, m.dimension))
        return from_measured(next(alike, memory.last.get(own or "", nearest)), verb)
    if memory.topic:
        return from_topic(memory.topic, verb)
    return Subject(text, head, verb, resolved=False)


def _kind_of(ctx: Context, head: int) -> str | None:
    """Return the dimension of what "the rate" or "the number" stands for, None where the noun leaves it open."""
    lemma = ctx.t.lemma[head]
    return "share" if lemma in ctx.nouns.of_shares else "count" if lemma in ctx.nouns.of_counts else None


def _resolved(
    ctx: Context, head: int, verb: int | None, memory: Memory, measured: Quantity | None
) -> Subject:
    t = ctx.t
    lower = t.lower[head]
    actor = resolve_pronoun(ctx.doc, head) if lower in PRONOUNS else None
    plural = lower in _PLURAL_PRONOUNS
    if actor is not None and lower != "it" and not plural:
        return Subject(actor.name, None, verb)
    again = (
        memory.measured(measured.dimension if measured.unit else None) if measured and not plural else None
    )
    if again is not None and (verb is None or not _is_amount_of(ctx, head, verb, measured)):
        again = None
    if again is not None and verb is not None and _is_cut_off(ctx, head, verb):
        return from_measured(again, verb)
    earlier = _earlier_in_sentence(ctx, head, plural)
    if earlier is not None:
        return Subject(earlier, None, verb)
    if again is not None:
        if measured is not None and measured.unit:
            again = last_measured(memory.current, measured.dimension, memory.paragraph) or again
        return from_measured(again, verb)
    topic = memory.somebody() if lower in ("he", "she") else memory.agreeing(plural=plural)
    if topic is not None:
        return from_topic(topic, verb)
    if actor is not None and not (plural and actor.type in ("GPE", "PERSON")):
        return Subject(actor.name, None, verb)
    if plural and (before := memory.before()) is not None:
        return from_topic(before, verb)
    if memory.topic is not None:
        return from_topic(memory.topic, verb)
    if plural and memory.mentioned is not None:
        return from_topic(memory.mentioned, verb)
    return Subject(t.text[head], head, verb, resolved=False)


def _is_cut_off(ctx: Context, pronoun: int, verb: int) -> bool:
    """Recognise a pronoun that stands for no subject before it: of what is said, or after a subordinate clause.

    "The council reckons that it will reach half", "When the force had more officers, it was 15 percent".
    """
    t = ctx.t
    return t.rel[verb] == "ccomp" or any(t.rel[c] == "advcl" and c < pronoun for c in t.children[verb])


def _is_amount_of(ctx: Context, pronoun: int, verb: int, measured: Quantity | None) -> bool:
    """Tell "it costs $75", "it stood at 5 percent" from "it cut its costs by 5 percent": the figure says how much it is."""
    t = ctx.t
    obj = syntax.child(t, verb, "obj")
    return t.head[pronoun] == verb and (
        obj is None
        or (
            measured is not None
            and measured.start <= t.start[obj] < measured.end
            and t.lemma[verb] in ctx.nouns.amount
        )
    )


def _earlier_in_sentence(ctx: Context, pronoun: int, plural: bool) -> str | None:
    """Return the subject of the nearest clause before the pronoun in its sentence that is a noun of its number and no person."""
    t = ctx.t
    start = t.sents[t.sent[pronoun]][0]
    if t.rel[pronoun] == "obj":
        for i in range(pronoun - 1, start - 1, -1):
            if (
                t.rel[i] == "obj"
                and t.pos[i] == "NOUN"
                and syntax.is_plural(t, i) == plural
                and i not in ctx.measured
            ):
                return syntax.text_of(t, ctx.text, syntax.noun_phrase(t, i)) or None
    # An object is not its own verb's subject: "the ministry wants to bring that down".
    own = syntax.subject(t, t.head[pronoun]) if t.rel[pronoun] == "obj" else None
    for i in range(pronoun - 1, start - 1, -1):
        if t.dep[i] not in syntax.SUBJECTS or i == own:
            continue
        verb = t.head[i]
        if t.rel[verb] == "advcl" and t.head[verb] < verb and t.rel[t.head[pronoun]] == "parataxis":
            continue  # "it is worth more than the state paid; it …": what a main clause is about goes on
        who = i
        if t.pos[i] == "PRON":
            obj = syntax.child(t, verb, "obj")
            if t.lemma[verb] not in ctx.nouns.have or obj is None or obj > pronoun:
                continue
            who = obj
        if t.pos[who] not in ("NOUN", "PROPN") or (t.rel[verb] == "acl" and t.head[verb] > i):
            continue
        if syntax.is_plural(t, who) != plural:
            continue
        mention = next(iter(mentions_in(ctx.doc, t.start[who], t.end[who])), None)
        if mention is not None and mention.label == "PERSON":
            continue
        if syntax.path_to(t, pronoun, who) is not None:
            continue
        phrase = syntax.noun_phrase(t, who)
        return syntax.text_of(t, ctx.text, phrase) or None
    return None


def with_possessor(ctx: Context, phrase: list[int], text: str, memory: Memory) -> str:
    """Replace a possessive pronoun in the phrase by its owner ("its GDP" → "Chile's GDP")."""
    t = ctx.t
    for i in phrase:
        if t.lower[i] in _POSSESSIVES and t.dep[i] == "nmod:poss":
            if _is_of_antecedent(ctx, i, phrase):
                continue
            actor = resolve_pronoun(ctx.doc, i)
            name = actor.name if actor is not None else _following_owner(ctx, i) or _owner(ctx, i, memory)
            if name:
                before = syntax.text_of(t, ctx.text, [k for k in phrase if k < i])
                after = syntax.text_of(t, ctx.text, [k for k in phrase if k > i], determiner=True)
                ending = "'" if name.endswith("s") and t.lower[i] == "their" else "'s"
                return " ".join(f"{before} {name}{ending} {after}".split())
    return text


def _is_of_antecedent(ctx: Context, possessive: int, phrase: list[int]) -> bool:
    """Return whether a possessive stands for the noun that its own relative clause describes: "children who missed their shots"."""
    t = ctx.t
    clause = syntax.clause_head(t, possessive)
    return t.dep[clause] == "acl:relcl" and t.head[clause] in phrase and t.head[clause] < possessive


def _following_owner(ctx: Context, possessive: int) -> str | None:
    """Return the name that comes after its pronoun: "in its forecast, Eurostat expects …"."""
    t = ctx.t
    who = syntax.subject(t, t.head[syntax.clause_head(t, t.head[possessive])])
    if who is None or who < possessive or t.pos[who] != "PROPN":
        return None
    return syntax.text_of(t, ctx.text, syntax.noun_phrase(t, who))


def _owner(ctx: Context, possessive: int, memory: Memory) -> str | None:
    """Return the thing that "its" or "their" stands for, where it is no actor."""
    if ctx.t.lower[possessive] not in ("its", "their"):
        return None
    plural = ctx.t.lower[possessive] == "their"
    earlier = _earlier_in_sentence(ctx, possessive, plural)
    topic = memory.agreeing(plural=plural)
    return earlier or (topic.core if topic is not None else None)
