"""Which predicates of a sentence are predicted events, and by which words.

Several words may mark the same event ("is *expected* to", "*will* *likely*"); they are collected in one `Event`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from claimtable.nlp import syntax
from claimtable.nlp.predictions.lexicon import Lexicon, words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import TimeExpression

_FUTURE_NOUN_FRAMES = frozenset(("acl", "advcl"))


@dataclass(slots=True)
class Event:
    """A predicted event while its evidence is collected. Token indices."""

    event: int
    anchor: int
    """Head of the clause that makes the prediction (the trigger's own, where that is above the event)."""
    triggers: list[int] = field(default_factory=list)
    modality: list[int] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    negated: bool = False
    subject: int | None = None


def is_question(t: Tokens, a: int, b: int) -> bool:
    return any(t.text[i] == "?" for i in range(max(a, b - 4), b))


def find_events(
    t: Tokens,
    a: int,
    b: int,
    lexicon: Lexicon,
    quantity_at: set[int],
    times: Sequence[TimeExpression],
    published: date | None,
) -> list[Event]:
    """Returns the predicted events of the sentence `a`..`b` (tokens).

    Args:
        t: the columns of the document.
        a: first token.
        b: token after the last.
        lexicon: the trigger words.
        quantity_at: tokens that belong to quantities.
        times: the time expressions of the sentence.
        published: the publication date; without it present-tense schedules are not found.
    """
    events: dict[int, Event] = {}

    def add(
        event: int, anchor: int, trigger: Sequence[int], kind: str, rule: str, modality: Sequence[int] = ()
    ) -> Event:
        record = events.setdefault(event, Event(event, anchor))
        if anchor < record.anchor or t.head[record.anchor] == anchor:
            record.anchor = anchor
        record.triggers.extend(x for x in trigger if x not in record.triggers)
        record.modality.extend(x for x in modality if x not in record.modality)
        record.rules.append(f"{kind}.{rule}")
        return record

    triggers = lexicon.by_class
    for i in range(a, b):
        lower = t.lower[i]
        lemma = t.lemma[i]
        if lower in triggers["modal"] and t.tag[i] == "MD" and t.rel[i] in ("aux", "cop", "root", "conj"):
            rule, hedges = triggers["modal"][lower]
            event = t.head[i] if t.rel[i] in ("aux", "cop") else _verb_after(t, i, b)
            if _modal_counts(t, i, event, rule, times, published):
                extra = [i] if hedges else []
                extra += [c for c in t.children[event] if t.lower[c] == "well" and c == i + 1]
                add(event, event, [i], "modal", rule, extra)
        elif (
            lower == "can"
            and t.tag[i] == "MD"
            and any(t.lower[c] in ("hopefully", "eventually") for c in t.children[t.head[i]])
        ):
            add(t.head[i], t.head[i], [i], "modal", "can_hopefully", [i])
        elif lower in triggers["raising"] and t.pos[i] in ("ADJ", "VERB", "ADV", "ADP", "NOUN"):
            for event in _raising(t, i):
                rule, hedges = triggers["raising"][lower]
                degree = [
                    c
                    for c in t.children[i]
                    if t.rel[c] == "advmod" and c == i - 1 and t.lower[c] not in ("not", "n't", "also")
                ]
                anchor = event if t.rel[i] == "advmod" else i
                record = add(event, anchor, [i], "raising", rule, [*degree, i] if hedges else ())
                record.negated = record.negated or (syntax.is_negated(t, i) and event != i)
        if t.pos[i] == "VERB" and lemma in triggers["report"]:
            event_token = _reported(t, i)
            if event_token is not None:
                rule, _ = triggers["report"][lemma]
                record = add(event_token, i if event_token == i else event_token, [i], "report", rule, [i])
                if event_token == i:
                    record.subject = syntax.child(t, i, "obj") or syntax.child(t, i, "obl")
        if t.pos[i] == "VERB" and lemma in triggers["intention"]:
            event_token = _intended(t, i)
            if lemma in words().wish_for and not _ahead(times, published):
                event_token = None
            if event_token is not None:
                rule, _ = triggers["intention"][lemma]
                record = add(event_token, i, [i], "intention", rule, [i])
                record.negated = record.negated or syntax.is_negated(t, i)
        if t.pos[i] == "NOUN" and lemma in triggers["noun"]:
            event_token = _named(t, i, quantity_at)
            if event_token is not None:
                rule, _ = triggers["noun"][lemma]
                record = add(event_token, i, [i], "noun", rule, [i])
                record.subject = i if event_token == i else _subject_of_noun_event(t, i, event_token)
        if (
            lower in triggers["modifier"]
            and t.rel[i] in ("amod", "compound")
            and t.pos[t.head[i]] in ("NOUN", "PROPN")
        ):
            noun = t.head[i]
            if _has_quantity(t, noun, quantity_at):
                rule, _ = triggers["modifier"][lower]
                add(noun, noun, [i], "modifier", rule, [i]).subject = noun
        if lower == "to" and t.rel[i] == "mark":
            infinitive = _scheduled_infinitive(t, i)
            if infinitive is not None:
                add(infinitive, infinitive, [i], "infinitive", "be_to")
    if published is not None:
        for x in times:
            scheduled = _scheduled_present(t, x, published, a, b)
            if scheduled is not None and scheduled not in events:
                add(scheduled, scheduled, list(range(*t.range(x.start, x.end)))[:1], "scheduled", "present")
    for record in events.values():
        for c in t.children[record.event]:
            word = t.lower[c]
            if word in triggers["adverb"] and triggers["adverb"][word][1] and c not in record.modality:
                record.modality.append(c)
                record.modality.extend(g for g in t.children[c] if t.rel[g] == "advmod" and g == c - 1)
    return _without_nested(t, list(events.values()))


def _verb_after(t: Tokens, modal: int, end: int) -> int:
    """Returns the verb of a modal that an insertion cuts off from it ("will, according to the department, supply")."""
    return next((i for i in range(modal + 1, end) if t.tag[i] == "VB" and t.pos[i] == "VERB"), modal)


def _without_nested(t: Tokens, events: list[Event]) -> list[Event]:
    """Drops the event that is only the complement of another one in the same clause ("expected to be able to")."""
    heads = {e.event for e in events}
    out = []
    for e in events:
        head = t.head[e.event]
        if t.rel[e.event] == "xcomp" and head in heads and head != e.event:
            continue
        if e.event in {x.anchor for x in events if x is not e and x.event != x.anchor} and all(
            r.startswith("report") for r in e.rules
        ):
            continue
        if e.rules[0].startswith(("noun.", "modifier.")) and any(
            (path := syntax.path_to(t, e.event, h)) is not None
            and not any(syntax.is_clause_head(t, i) for i in path[:-1])
            for h in heads
            if h != e.event
        ):
            continue  # "expects inflation to return to the target of 2 %": the target is part of the expectation
        # "it is expected that he will survive": one event, although the parse hangs it elsewhere than a complement
        inner = next(
            (x for x in events if x is not e and t.head[x.event] == e.event and x.event > e.event), None
        )
        if inner is not None and e.event in e.triggers and e.rules[0].startswith("raising"):
            inner.triggers.extend(e.triggers)
            inner.modality.extend(e.modality)
            inner.anchor = e.anchor
            continue
        out.append(e)
    return out


def _modal_counts(
    t: Tokens, modal: int, event: int, rule: str, times: Sequence[TimeExpression], published: date | None
) -> bool:
    lower = t.lower[modal]
    children = t.children[event]
    if any(t.lower[c] in words().no_claim_mark and t.rel[c] == "mark" for c in children):
        return False
    head = t.head[event]
    if t.rel[event] in ("advcl", "ccomp") and any(
        t.lower[c] in ("whether", "if") for c in children if c < modal
    ):
        return False
    if any(t.lower[c] in words().frequency for c in children):
        return False
    perfect = any(t.lemma[c] == "have" and t.rel[c] == "aux" for c in children) and t.tag[event] in (
        "VBN",
        "VBD",
    )
    if perfect:
        # "will have doubled by 2030" is a forecast, "will have heard by now" is not.
        last = max(syntax.clause_tokens(t, event)[1] - 1, event)
        return rule in ("will", "ll") and any(
            x.preposition in ("by", "before", "in")
            and x.time_end is not None
            and (published is None or x.time_end > published)
            and t.start[event] < x.start
            and x.end <= t.end[last]
            for x in times
        )
    who = syntax.subject(t, event)
    if who is not None and t.lower[who] == "what":
        return False
    first_person = who is not None and t.lower[who] in ("i", "we")
    if first_person and lower in ("'d", "’d"):
        return False
    if lower in ("would", "'d", "’d"):
        if t.lemma[event] in words().wish or (first_person and t.lemma[event] in words().opinion):
            return False
        if lower != "would" and t.tag[event] in ("VBN", "VBD"):
            return False
    if lower == "could" and t.lemma[event] in words().perception:
        return False
    if lower in ("could", "would", "may", "might") and who is not None and t.lower[who] == "you":
        return False
    if (
        lower == "could"
        and any(t.lower[c] in ("n't", "n’t", "not") for c in children)
        and syntax.is_past(t, syntax.clause_head(t, head))
    ):
        return False
    if (
        lower == "could"
        and any(t.lower[c] == "more" for c in children)
        and any(t.lower[c] in words().negation or t.lower[c] in ("hardly", "scarcely") for c in children)
    ):
        return False
    if t.lemma[event] in ("appear", "seem") and any(
        _is_perfect(t, c) for c in children if t.rel[c] == "xcomp"
    ):
        return False
    # "so (that) X could": a purpose, not a forecast
    return not any(t.lower[c] == "so" and c < modal and t.rel[c] in ("mark", "advmod") for c in children)


def _is_perfect(t: Tokens, verb: int) -> bool:
    return any(t.lemma[c] == "have" and t.rel[c] == "aux" for c in t.children[verb])


def _raising(t: Tokens, i: int) -> Iterator[int]:
    """Yields the events of "X is likely/expected/due/set/going to V", "it is likely that …", "likely to V"."""
    lower = t.lower[i]
    if t.tag[i] == "VBD" or (t.tag[i] == "VBN" and any(t.rel[c] == "obj" for c in t.children[i])):
        return
    if (
        t.tag[i] == "VBN"
        and t.pos[i] == "VERB"
        and any(t.lemma[c] == "have" for c in t.children[i] if t.rel[c] == "aux")
        and not any(t.dep[c] == "aux:pass" for c in t.children[i])
    ):
        return
    if t.rel[i] in ("amod", "compound", "case", "fixed") or (
        t.rel[i] == "advmod" and lower not in ("likely", "unlikely")
    ):
        return
    if t.rel[i] == "advmod":
        head = t.head[i]
        if t.pos[head] in ("VERB", "AUX", "ADJ") and any(t.tag[c] == "MD" for c in t.children[head]):
            yield head
        return
    if lower in ("set", "due", "about", "going", "bound", "sure", "certain", "supposed", "determined"):
        wanted: tuple[str, ...] = ("xcomp", "advcl", "ccomp", "csubj")
        if lower not in ("sure", "certain", "due"):
            wanted = ("xcomp", "advcl")
        events = [
            c
            for c in t.children[i]
            if t.rel[c] in wanted and c > i and (t.tag[c] in ("VB", "VBN", "NN") or syntax.has_to(t, c))
        ]
        events = [c for c in events if syntax.has_to(t, c) or lower in ("sure", "certain", "due")]
        if lower == "due" and not events:
            events = (
                [i]
                if any(t.rel[c] in ("obl", "advmod") and c > i for c in t.children[i])
                and any(t.rel[c] == "cop" for c in t.children[i])
                else []
            )
        if (
            lower == "going"
            and not any(t.rel[c] == "aux" and t.lemma[c] == "be" for c in t.children[i])
            and t.rel[i] not in ("acl", "conj")
        ):
            events = []
        yield from events[:1]
        return
    events = [
        c
        for c in t.children[i]
        if (t.rel[c] in ("xcomp", "csubj", "ccomp") or (t.rel[c] == "advcl" and syntax.has_to(t, c)))
        and (t.pos[c] in ("VERB", "AUX") or c > i)
    ]
    if events:
        yield events[-1] if t.rel[events[0]] == "nsubj" else events[0]
        return
    is_predicate = any(t.rel[c] == "cop" or t.dep[c] == "aux:pass" for c in t.children[i])
    is_participle = t.rel[i] == "acl" and t.tag[i] == "VBN" and any(t.rel[c] == "obl" for c in t.children[i])
    if (is_predicate or is_participle) and lower in words().bare_raising and not syntax.has_to(t, i):
        yield i


def _reported(t: Tokens, i: int) -> int | None:
    """Returns the event of a predicting verb: its clausal complement, else the verb itself with an object."""
    if t.tag[i] == "VBN" and any(t.dep[c] == "aux:pass" for c in t.children[i]):
        return None
    complement = syntax.child(t, i, "ccomp")
    if complement is not None and complement > i:
        return complement
    if t.lemma[i] in ("hope", "fear", "bet"):
        return None
    if syntax.child(t, i, "xcomp") is not None:
        return None
    obj = syntax.child(t, i, "obj")
    if obj is not None and obj > i and t.pos[obj] in ("NOUN", "PROPN", "SYM", "NUM"):
        return i
    return None


def _intended(t: Tokens, i: int) -> int | None:
    if (
        any(
            t.tag[c] == "MD" or t.lower[c] in ("to", "if")
            for c in t.children[i]
            if t.rel[c] in ("aux", "mark")
        )
        and t.rel[i] != "acl"
    ):
        return None
    event = next(
        (
            c
            for c in t.children[i]
            if t.dep[c] in ("xcomp", "advcl", "ccomp")
            and c > i
            and (syntax.has_to(t, c) or t.rel[c] == "ccomp")
        ),
        None,
    )
    if event is None or (t.lemma[i] == "expect" and t.rel[event] == "ccomp"):
        return None
    if t.lemma[i] in words().mere_intent and (t.tag[i] == "VBN" or syntax.is_past(t, i)):
        return None  # "he did not intend to offend", "a remark intended to please": not what will happen
    return event


def _named(t: Tokens, i: int, quantity_at: set[int]) -> int | None:
    """Returns the event of a noun such as "target": its infinitive, its of-participle, else the noun with a figure."""
    lemma = t.lemma[i]
    for c in t.children[i]:
        if c > i and t.rel[c] in _FUTURE_NOUN_FRAMES and t.dep[c] != "acl:relcl":
            if syntax.has_to(t, c):
                return c
            if lemma in words().uncertain | words().figure_noun and t.tag[c] == "VBG":
                return c
    verb = t.head[i]
    if t.rel[i] == "obj" and lemma not in words().opportunity:
        for c in t.children[verb]:
            if i < c <= i + 4 and t.rel[c] in ("xcomp", "advcl") and syntax.has_to(t, c):
                return c
    if lemma in words().figure_noun and _has_quantity(t, i, quantity_at):
        return i
    return None


def _subject_of_noun_event(t: Tokens, noun: int, event: int) -> int | None:
    """Returns who the event of a noun is about: its own subject, "of it happening", the possessor, the governing subject."""
    own = next((c for c in t.children[event] if t.dep[c] in syntax.SUBJECTS), None)
    if own is not None:
        return own
    for i in range(noun + 1, event):
        if t.pos[i] in ("PRON", "NOUN", "PROPN") and t.tag[event] == "VBG":
            return i
    possessor = syntax.child(t, noun, "nmod:poss")
    if possessor is not None:
        return possessor
    return syntax.subject(t, t.head[noun]) if t.head[noun] != noun else None


def _ahead(times: Sequence[TimeExpression], published: date | None) -> bool:
    """Tells whether a time after publication is named: wanting something *by 2030* is a target, wanting it is not."""
    return any(x.time_end is not None and (published is None or x.time_end > published) for x in times)


def _has_quantity(t: Tokens, noun: int, quantity_at: set[int]) -> bool:
    for c in t.children[noun]:
        if t.rel[c] in ("nmod", "nummod", "compound", "amod", "appos") and (
            c in quantity_at or any(g in quantity_at for g in t.children[c])
        ):
            return True
    return False


def _scheduled_infinitive(t: Tokens, to: int) -> int | None:
    """Returns the verb of "is to open", "are to be held", or of a noun's "to be paid"; None for other infinitives."""
    verb = t.head[to]
    before = [
        c
        for c in t.children[verb]
        if c < to and t.rel[c] in ("aux", "cop") and t.lemma[c] == "be" and t.tag[c] in ("VBZ", "VBP", "VBD")
    ]
    if t.lemma[verb] in words().fixed_infinitive:
        return None
    if before:
        who = syntax.child(t, verb, "nsubj", "nsubj:pass", "nsubj:outer")
        return None if who is not None and t.lemma[who] in words().consisting else verb
    passive = any(t.dep[c] == "aux:pass" and t.tag[c] == "VB" for c in t.children[verb])
    if passive and t.rel[verb] == "acl" and t.pos[t.head[verb]] in ("NOUN", "NUM", "SYM", "PROPN"):
        noun = t.head[verb]
        if t.lower[noun] in ("one", "first", "last", "only") or any(
            t.lower[c] in ("first", "last", "only", "next") for c in t.children[noun]
        ):
            return None
        return verb
    return None


def _scheduled_present(t: Tokens, x: TimeExpression, published: date, a: int, b: int) -> int | None:
    """Returns the present-tense predicate that a strictly future date modifies ("the talks begin on Monday")."""
    if (
        x.type not in ("DATE", "TIME")
        or x.time_start is None
        or x.time_start <= published
        or x.preposition in ("by", "until", "for")
    ):
        return None
    first, last = t.range(x.start, x.end)
    root = syntax.span_root(t, first, last)
    if t.rel[root] not in ("obl", "advmod", "nmod") or not a <= root < b:
        return None
    verb = t.head[root]
    if (
        t.pos[verb] != "VERB"
        or t.tag[verb] in ("VBD", "VBN")
        or syntax.is_past(t, verb)
        or t.rel[verb] == "acl"
    ):
        return None
    if any(t.lower[c] in words().no_claim_mark for c in t.children[verb]):
        return None
    return verb if syntax.is_finite(t, verb) and not any(t.tag[c] == "MD" for c in t.children[verb]) else None
