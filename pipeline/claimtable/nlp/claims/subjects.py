"""What a figure measures: the noun phrase, with pronouns, ellipsis and "the figures" resolved.

A figure stands in one of a few places in the tree, and each says where the measured thing is:
the subject of the verb that reaches it ("trade totalled $97 million"), the complement of a share
("80 % of gas exports"), the counted noun ("32 projects"), the noun it modifies ("the $11 billion debt"),
or what stands beside a noun of change ("a fall of 0.4 % in output").
"""

from __future__ import annotations

from dataclasses import dataclass

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.mentions import PRONOUNS, canonical_speaker, mentions_in, resolve_pronoun
from claimtable.schema import Quantity

_POSSESSIVES = frozenset(["its", "their", "his", "her"])
_FIRST_PERSON = frozenset(["i", "we", "you"])
_DEMONSTRATIVES = frozenset(["it", "this", "that", "these", "those", "they"])
_PURPOSE_CASES = frozenset(["for", "to", "on", "toward", "towards", "into"])
_COMPLEMENT_CASES = frozenset(["of", "in"])
MAX_TOKENS = 24
"""Longest subject in tokens; a longer phrase is cut back to its core. Of 1,664 gold subjects and accepted variants the longest has
21, the second longest 17 (spaCy's English tokens)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The measured thing of one figure."""

    text: str | None
    head: int | None
    """Token of its head noun, None when it was taken over from another sentence."""
    predicate: int | None
    """Token of the verb or noun that relates it to the figure."""
    resolved: bool = True
    """False when a pronoun or an ellipsis could not be resolved."""
    unit: str | None = None
    """Counted noun taken over from what a bare number points back to."""


@dataclass(slots=True)
class Memory:
    """What earlier sentences of the section were about."""

    paragraph: int = -1
    topic: str | None = None
    """Subject phrase of the sentence before."""
    topic_core: str | None = None
    """The things that it counts, without what is said of them."""
    topic_unit: str | None = None
    """Counted noun of that subject."""
    series: tuple[tuple[str, str | None, str | None], ...] = ()
    """(subject, unit, dimension) of the claims of the last sentence that had any."""


def figure_head(ctx: Context, q: Quantity) -> tuple[int, int, int, bool]:
    """Returns (first, end, head, counted) of a quantity: its token range, the token that connects it to the
    sentence, and whether that is the counted noun.
    """
    t = ctx.t
    a, b = t.range(q.start, q.end)
    root = syntax.span_root(t, a, b)
    if q.dimension == "count" or q.dimension is None:
        if t.pos[root] in ("NOUN", "PROPN") and t.rel[root] != "nummod":
            return a, b, root, True
        if t.rel[root] == "nummod" and t.pos[t.head[root]] in ("NOUN", "PROPN") and t.head[root] >= a:
            return a, b, t.head[root], True
        nouns = [i for i in range(a, b) if t.pos[i] in ("NOUN", "PROPN")]
        if q.unit is not None and nouns:
            return a, b, nouns[-1], True
    if t.rel[root] == "nummod" and t.pos[t.head[root]] in ("SYM", "NOUN") and a <= t.head[root] < b:
        root = t.head[root]
    return a, b, root, False


def find_subject(ctx: Context, q: Quantity, sentence: Sentence, memory: Memory) -> Subject:
    """Returns what the quantity measures."""
    t = ctx.t
    a, b, head, counted = figure_head(ctx, q)
    if counted:
        numbers = [i for i in range(a, head) if t.pos[i] in ("NUM", "SYM")]
        drop = frozenset(range(a, numbers[-1] + 1 if numbers else a))
    else:
        drop = frozenset(range(a, b))
    drop |= _other_figures(ctx, head, q)
    base = _first_conjunct(t_rel=t.rel, t_head=t.head, i=head, a=sentence.start, b=sentence.end)
    base = _governing_figure(ctx, q, base, sentence)
    verb = _predicate(ctx, base)
    complement = _complement(ctx, head, a, b)
    if (
        not counted
        and q.unit is None
        and t.rel[base] != "nsubj"
        and b < sentence.end
        and t.tag[b] in ("VBD", "VBN")
        and t.pos[b - 1] == "NUM"
    ):
        return _elliptical(
            ctx, base, b, memory
        )  # "15 left in 2010, 152 left in 2011": parsers lose the verbs
    if counted:
        return _counted(ctx, q, head, drop, verb, memory)
    owner = syntax.subject(t, verb) if verb is not None and verb != base else None
    part_of = (
        q.dimension == "money" and t.rel[base] == "obj" and owner is not None
    )  # "made up $32 million of the total"
    if complement is not None and not part_of and q.dimension in ("share", "money", "count", None, "factor"):
        return finish(ctx, complement, drop, verb, memory)
    compared = _compared_noun(ctx, base)
    if compared is not None:
        return finish(ctx, compared, drop | {t.head[base]}, verb, memory)
    if t.rel[base] in ("compound", "amod", "nummod") and t.pos[t.head[base]] in ("NOUN", "PROPN"):
        noun = t.head[base]
        while t.rel[noun] == "compound" and t.pos[t.head[noun]] in ("NOUN", "PROPN"):
            noun = t.head[noun]
        return finish(ctx, noun, drop, noun, memory)
    if t.dep[base] == "nmod:poss" and t.pos[t.head[base]] in ("NOUN", "PROPN"):
        return finish(ctx, t.head[base], drop, t.head[base], memory)
    if t.rel[base] == "nmod" and t.pos[t.head[base]] in ("NOUN", "PROPN"):
        return _noun_governor(ctx, base, t.head[base], drop, memory)
    purpose = _purpose(ctx, q, head, base, verb, b)
    if purpose is not None:
        inside = [i for i in t.subtree(purpose) if not a <= i < b and not ctx.is_time(i)][:MAX_TOKENS]
        phrase = syntax.text_of(t, ctx.text, inside, determiner=True).strip(' "“”,.;')
        return Subject(f"funds {phrase}", purpose, verb)
    if t.rel[base] == "nsubj" and verb is not None:
        return _elliptical(ctx, base, verb, memory)
    if (
        t.rel[base] == "appos"
        and t.pos[t.head[base]] in ("NOUN", "PROPN")
        and t.head[base] not in range(a, b)
    ):
        return finish(ctx, t.head[base], drop, t.head[base], memory)
    if verb is not None:
        who = syntax.subject(t, verb)
        if who is not None and not a <= who < b:
            obj = syntax.child(t, verb, "obj")
            if t.lower[who] in _FIRST_PERSON and obj is not None and not a <= obj < b:
                return finish(ctx, obj, drop, verb, memory)
            if obj is not None and not a <= obj < b and t.rel[base] in ("obl", "xcomp"):
                measured = _moved_object(ctx, obj, base, a, b)
                if measured is not None:
                    return finish(ctx, measured, drop, verb, memory)
            return finish(ctx, who, drop, verb, memory)
        if who is None and t.pos[verb] in ("NOUN", "PROPN") and not a <= verb < b:
            return _noun_governor(ctx, base, verb, drop, memory)
        if t.pos[verb] == "VERB" and who is None:
            obj = syntax.child(t, verb, "obj")
            if obj is not None and not a <= obj < b:
                return finish(ctx, obj, drop, verb, memory)
    return Subject(memory.topic, None, verb, resolved=memory.topic is not None, unit=memory.topic_unit)


def _other_figures(ctx: Context, head: int, q: Quantity | None) -> frozenset[int]:
    """Returns the tokens of conjuncts that hold figures of their own ("65 fellowships and 235 million dollars")."""
    t = ctx.t
    out: set[int] = set()
    for c in t.children[head]:
        if t.rel[c] == "conj":
            inside = t.subtree(c)
            low, high = t.start[inside[0]], t.end[inside[-1]]
            if any(x is not q for x in ctx.quantities_in(low, high)):
                out.update(inside)
    return frozenset(out)


def _first_conjunct(*, t_rel: list[str], t_head: list[int], i: int, a: int, b: int) -> int:
    for _ in range(b - a):
        if t_rel[i] != "conj" or not a <= t_head[i] < b:
            break
        i = t_head[i]
    return i


def _predicate(ctx: Context, i: int) -> int | None:
    """Returns the predicate that governs the figure: the nearest verb, copular predicate or noun of a clause above it."""
    t = ctx.t
    if t.head[i] == i or t.rel[i] in ("root", "ccomp", "advcl", "parataxis", "acl"):
        return i
    j = t.head[i]
    for _ in range(t.n):
        if syntax.is_clause_head(t, j) or t.pos[j] == "VERB" or t.head[j] == j:
            return j
        j = t.head[j]
    return None


def _governing_figure(ctx: Context, q: Quantity, base: int, sentence: Sentence) -> int:
    """Returns the figure that `base` is compared with ("down 56 % from $78 million"): both measure the same thing."""
    t = ctx.t
    for _ in range(sentence.end - sentence.start):
        others = any(start != q.start for start in ctx.measured.get(t.head[base], ()))
        if t.rel[base] not in ("nmod", "obl") or not others:
            break
        base = t.head[base]
    return base


def _complement(ctx: Context, head: int, a: int, b: int) -> int | None:
    """Returns the head of "of X" or "in X" beside a share or sum."""
    t = ctx.t
    holders = [head, *(i for i in range(a, b) if i != head)]
    for holder in holders:
        for c in t.children[holder]:
            if (
                c >= b
                and t.rel[c] in ("nmod", "obl")
                and syntax.case_word(t, c) in _COMPLEMENT_CASES
                and t.pos[c] in ("NOUN", "PROPN", "PRON")
                and not ctx.is_time(c)
                and not (syntax.case_word(t, c) == "in" and _is_place(ctx, c))
            ):
                return c
    return None


def _is_place(ctx: Context, i: int) -> bool:
    t = ctx.t
    return any(m.label in ("GPE", "LOC") for m in mentions_in(ctx.doc, t.start[i], t.end[i]))


def _moved_object(ctx: Context, obj: int, base: int, a: int, b: int) -> int | None:
    """Returns what is moved or held in "raise food demand to …", "limit withdrawals to …", "show a fall of … in output"."""
    t = ctx.t
    if t.lemma[obj] in ctx.nouns.change:
        return _complement(ctx, obj, a, b) or _complement(ctx, base, a, b)
    if syntax.case_word(t, base) in ("to", "by", "from", "at", "below", "above", "under", "over"):
        return obj
    return None


def _compared_noun(ctx: Context, base: int) -> int | None:
    """Returns the noun of "50 % more people": the figure measures a comparative that modifies it."""
    t = ctx.t
    word = t.head[base]
    if (
        t.lower[word] in ("more", "less", "fewer")
        and t.rel[word] in ("amod", "advmod", "det", "nummod")
        and t.pos[t.head[word]] == "NOUN"
    ):
        return t.head[word]
    return None


def _purpose(ctx: Context, q: Quantity, head: int, base: int, verb: int | None, after: int) -> int | None:
    """Returns the head of "for X", "to X" or "to do X" that says what a sum of money is put to.

    It stands beside the sum itself, or beside a verb of which the sum is the subject, or the object of a verb of spending.
    """
    t = ctx.t
    if q.dimension != "money":
        return None
    holders = [head]
    if (
        verb is not None
        and verb != head
        and (t.rel[base] == "nsubj" or (t.rel[base] == "obj" and t.lemma[verb] in ctx.nouns.spend))
    ):
        holders.append(verb)
    for holder in holders:
        for c in t.children[holder]:
            if c < after:
                continue
            if (
                t.rel[c] in ("nmod", "obl")
                and syntax.case_word(t, c) in _PURPOSE_CASES
                and not ctx.is_time(c)
            ):
                return c
            if t.rel[c] in ("acl", "advcl", "xcomp") and any(
                t.lower[g] == "to" and t.rel[g] == "mark" for g in t.children[c]
            ):
                return c
    return None


def _noun_governor(ctx: Context, base: int, noun: int, drop: frozenset[int], memory: Memory) -> Subject:
    """The figure hangs on a noun: "a fall of 0.4 % in output", "the cost of $3 billion"."""
    t = ctx.t
    if t.lemma[noun] in ctx.nouns.change:
        for holder in (noun, base):
            for c in t.children[holder]:
                if (
                    c not in drop
                    and c != base
                    and t.rel[c] in ("nmod", "obl")
                    and syntax.case_word(t, c) in ("in", "of", "for", "to")
                    and not ctx.is_time(c)
                ):
                    return finish(ctx, c, drop, noun, memory)
        owner = syntax.child(t, noun, "nmod:poss") or next(
            (c for c in t.children[noun] if t.rel[c] == "compound"), None
        )
        if owner is not None:
            return finish(ctx, owner, drop, noun, memory)
        verb = _predicate(ctx, noun)
        if verb is not None and verb != noun:
            who = syntax.subject(t, verb)
            if (
                who is not None
                and who != noun
                and t.rel[noun] in ("obj", "obl", "root", "xcomp")
                and ctx.attribution_at(t.start[noun]) is None
            ):
                return finish(ctx, who, drop, noun, memory)
        if memory.series:
            text, unit, _ = memory.series[-1]
            return Subject(text, None, noun, unit=unit)
    if (
        t.lemma[noun] in ctx.nouns.anaphor
        and t.rel[noun] == "obl"
        and not any(t.rel[c] == "nmod" and c != base for c in t.children[noun])
    ):
        verb = t.head[noun]
        obj = syntax.child(t, verb, "obj")
        who = (
            obj
            if obj is not None and syntax.case_word(t, noun) in ("to", "at", "from", "by")
            else syntax.subject(t, verb)
        )
        if who is not None:
            return finish(ctx, who, drop, verb, memory)
    return finish(ctx, noun, drop | set(t.subtree(base)), noun, memory)


def _counted(
    ctx: Context, q: Quantity, noun: int, drop: frozenset[int], verb: int | None, memory: Memory
) -> Subject:
    """The thing counted, told more closely by what is said of it when the noun alone says little."""
    t = ctx.t
    phrase = [i for i in syntax.noun_phrase(t, noun, drop=drop, clauses=True) if i not in drop]
    text = syntax.text_of(t, ctx.text, phrase[:MAX_TOKENS])
    if t.lemma[noun] in ctx.nouns.measure | ctx.nouns.anaphor and len(phrase) < 3 and verb is not None:
        who = syntax.subject(t, verb)
        if who is not None and who != noun:
            return finish(ctx, who, drop, verb, memory)
    if verb is None or verb == noun or t.pos[verb] != "VERB":
        return Subject(text or None, noun, verb)
    if len(phrase) > 3:
        return Subject(_with_possessor(ctx, phrase, text), noun, verb)
    if t.rel[noun] == "obj":
        who = syntax.subject(t, verb)
        if (
            who is not None
            and who != noun
            and t.lower[who] not in _FIRST_PERSON
            and t.lemma[verb] not in ctx.nouns.have
        ):
            actor = finish(ctx, who, drop, verb, memory)
            words = [
                c
                for c in t.children[verb]
                if t.rel[c] in ("aux", "compound") and who < c < verb and t.tag[c] != "MD"
            ]
            said = syntax.text_of(t, ctx.text, [*words, verb], determiner=True)
            if actor.text:
                return Subject(f"{text} that {actor.text} {said}", noun, verb)
    elif t.rel[noun] == "nsubj":
        objects = [
            c
            for c in t.children[verb]
            if t.rel[c] in ("obj", "obl", "xcomp") and c > verb and not ctx.is_time(c)
        ]
        tail = [i for c in objects[:1] for i in t.subtree(c)] if objects else []
        said = syntax.text_of(t, ctx.text, [verb, *tail][:MAX_TOKENS], determiner=True)
        return Subject(f"{text} {said}", noun, verb)
    return Subject(_with_possessor(ctx, phrase, text), noun, verb)


def _elliptical(ctx: Context, base: int, verb: int, memory: Memory) -> Subject:
    """A bare number as subject: "152 left in 2011" counts what the sentences before were about."""
    t = ctx.t
    if memory.topic is None:
        return Subject(None, None, verb, resolved=False)
    said = syntax.text_of(t, ctx.text, [verb], determiner=True)
    return Subject(f"{memory.topic_core or memory.topic} {said}", None, verb, unit=memory.topic_unit)


def finish(
    ctx: Context, head: int, drop: frozenset[int] | set[int], verb: int | None, memory: Memory
) -> Subject:
    """Makes the subject phrase of `head` and resolves what points elsewhere."""
    t = ctx.t
    lower = t.lower[head]
    drop = frozenset(drop) | _other_figures(ctx, head, None)
    if lower in _DEMONSTRATIVES or lower in PRONOUNS or lower in ("which", "who"):
        return _resolved(ctx, head, verb, memory)
    phrase = [
        i
        for i in syntax.noun_phrase(t, head, drop=frozenset(drop), clauses=True)
        if i not in drop or i == head
    ]
    if len(phrase) > MAX_TOKENS:
        phrase = [i for i in syntax.noun_phrase(t, head, drop=frozenset(drop)) if i not in drop or i == head][
            :MAX_TOKENS
        ]
    phrase = _without_leading_time(ctx, phrase, head)
    taken_up = _taken_up(ctx, phrase, head)
    if taken_up is not None:
        return Subject(taken_up, head, verb)
    text = syntax.text_of(t, ctx.text, phrase)
    words = [t.lower[i] for i in phrase]
    if t.lemma[head] in ctx.nouns.anaphor and all(
        w in ("the", "this", "that", "these", "those", "respective", "both", "such", "same", t.lower[head])
        for w in words
    ):
        if memory.series and "number" not in (memory.topic or ""):
            return Subject(memory.series[-1][0], None, verb, unit=memory.series[-1][1])
        if memory.topic:
            return Subject(memory.topic, None, verb, unit=memory.topic_unit)
        return Subject(text, head, verb, resolved=False)
    return Subject(_with_possessor(ctx, phrase, text), head, verb)


def _taken_up(ctx: Context, phrase: list[int], head: int) -> str | None:
    """Returns the organisation or state that a bare "the community" takes up again."""
    t = ctx.t
    if len(phrase) != 2 or t.lower[phrase[0]] != "the" or t.pos[head] != "NOUN":
        return None
    name, kind = canonical_speaker(ctx.doc, t.start[phrase[0]], t.end[head])
    return name if kind in ("ORG", "GPE") else None


def _without_leading_time(ctx: Context, phrase: list[int], head: int) -> list[int]:
    """Cuts "In 2008" off "In 2008 trade from Russia", and a dateline off "SANTIAGO - Chile": parsers join them."""
    t = ctx.t
    for k, i in enumerate(phrase[:6]):
        if t.text[i] in ("-", "–", "—") and i < head and t.end[i - 1] < t.start[i]:
            return phrase[k + 1 :]
    k = 1 if phrase and t.pos[phrase[0]] == "ADP" else 0
    preposition = k
    while k < len(phrase) and phrase[k] != head and ctx.is_time(phrase[k]):
        k += 1
    return phrase[k:] if k > preposition else phrase


def _with_possessor(ctx: Context, phrase: list[int], text: str) -> str:
    """Replaces a possessive pronoun in the phrase by its owner ("its GDP" → "Chile's GDP")."""
    t = ctx.t
    for i in phrase:
        if t.lower[i] in _POSSESSIVES and t.dep[i] == "nmod:poss":
            actor = resolve_pronoun(ctx.doc, i)
            name = actor.name if actor is not None else None
            main = t.head[syntax.clause_head(t, t.head[i])] if name is None else None
            if main is not None:
                who = syntax.subject(t, main)
                if who is not None and who > i and t.pos[who] == "PROPN":
                    name = syntax.text_of(t, ctx.text, syntax.noun_phrase(t, who))
            if name:
                before = syntax.text_of(t, ctx.text, [k for k in phrase if k < i], determiner=True)
                after = syntax.text_of(t, ctx.text, [k for k in phrase if k > i], determiner=True)
                return " ".join(f"{before} {name}'s {after}".split())
    return text


def _resolved(ctx: Context, head: int, verb: int | None, memory: Memory) -> Subject:
    t = ctx.t
    actor = resolve_pronoun(ctx.doc, head) if t.lower[head] in PRONOUNS else None
    if actor is not None and (actor.type == "PERSON" or t.lower[head] not in ("it", "they")):
        return Subject(actor.name, None, verb)
    earlier = _earlier_in_sentence(ctx, head)
    if earlier is not None:
        return Subject(earlier, None, verb)
    if memory.topic:
        return Subject(memory.topic, None, verb, unit=memory.topic_unit)
    if actor is not None:
        return Subject(actor.name, None, verb)
    return Subject(t.text[head], head, verb, resolved=False)


def _earlier_in_sentence(ctx: Context, pronoun: int) -> str | None:
    """Returns the subject of the nearest clause before the pronoun in its sentence that is a noun and no person."""
    t = ctx.t
    start = t.sents[t.sent[pronoun]][0]
    for i in range(pronoun - 1, start - 1, -1):
        if t.dep[i] not in syntax.SUBJECTS:
            continue
        verb = t.head[i]
        who = i
        if t.pos[i] == "PRON":
            obj = syntax.child(t, verb, "obj")
            if t.lemma[verb] not in ctx.nouns.have or obj is None or obj > pronoun:
                continue
            who = obj
        if t.pos[who] not in ("NOUN", "PROPN") or (t.rel[verb] == "acl" and t.head[verb] > i):
            continue
        mention = next(iter(mentions_in(ctx.doc, t.start[who], t.end[who])), None)
        if mention is not None and mention.label == "PERSON":
            continue
        if syntax.path_to(t, pronoun, who) is not None:
            continue
        phrase = syntax.noun_phrase(t, who)
        return _with_possessor(ctx, phrase, syntax.text_of(t, ctx.text, phrase)) or None
    return None
