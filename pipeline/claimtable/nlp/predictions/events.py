"""Which predicates of a sentence are predicted events, and by which words.

Several words may mark the same event ("is *expected* to", "*will* *likely*"); they are collected in one `Event`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from claimtable.nlp import syntax
from claimtable.nlp.predictions import frames, modals, pledges, schedules
from claimtable.nlp.predictions.ahead import is_ahead
from claimtable.nlp.predictions.chances import chance, probability
from claimtable.nlp.predictions.evidence import Evidence
from claimtable.nlp.predictions.lexicon import Lexicon, words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Quantity, TimeExpression

_QUESTION_END = 4
"""Tokens at the end of a sentence among which the question mark of a question stands, brackets and quotation marks after it."""


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
    figure: Quantity | None = None
    """The share that says how probable the event is."""

    def add(self, t: Tokens, e: Evidence) -> None:
        """Take in one more word that marks it."""
        if e.anchor < self.anchor or t.head[self.anchor] == e.anchor:
            self.anchor = e.anchor
        if e.trigger not in self.triggers:
            self.triggers.append(e.trigger)
        self.modality.extend(x for x in e.modality if x not in self.modality)
        self.rules.append(e.rule)
        self.negated = self.negated or e.negated
        self.subject = e.subject if e.subject is not None else self.subject
        self.figure = e.figure or self.figure


def is_question(t: Tokens, a: int, b: int) -> bool:
    """Return whether the sentence `a`..`b` (tokens) asks."""
    return "?" in t.text[max(a, b - _QUESTION_END) : b]


def find_events(
    t: Tokens,
    a: int,
    b: int,
    lexicon: Lexicon,
    quantity_at: Mapping[int, Quantity],
    times: Sequence[TimeExpression],
    published: date | None,
) -> list[Event]:
    """Return the predicted events of the sentence `a`..`b` (tokens).

    Args:
        t: the columns of the document.
        a: first token.
        b: token after the last.
        lexicon: the trigger words.
        quantity_at: for each token of a quantity that quantity.
        times: the time expressions of the sentence.
        published: the publication date; without it present-tense schedules are not found.
    """
    finder = _Finder(t, b, lexicon, quantity_at, times, published, is_ahead(times, published))
    events: dict[int, Event] = {}
    for i in range(a, b):
        for e in finder.at(i):
            events.setdefault(e.event, Event(e.event, e.anchor)).add(t, e)
    if published is not None:
        for x in times:
            verb = schedules.scheduled_present(t, x, published, a, b)
            if verb is not None and verb not in events:
                first = t.range(x.start, x.end)[0]
                events[verb] = Event(verb, verb)
                events[verb].add(t, Evidence(verb, verb, first, "scheduled.present"))
    adverbs = lexicon.by_class["adverb"]
    for event in events.values():
        for c in t.children[event.event]:
            if adverbs.get(t.lower[c], ("", False))[1] and c not in event.modality:
                event.modality.append(c)
                event.modality.extend(g for g in t.children[c] if t.rel[g] == "advmod" and g == c - 1)
    return _without_nested(t, list(events.values()))


@dataclass(frozen=True, slots=True)
class _Finder:
    """Looks each token of a sentence up in the lexicon."""

    t: Tokens
    end: int
    lexicon: Lexicon
    quantity_at: Mapping[int, Quantity]
    times: Sequence[TimeExpression]
    published: date | None
    ahead: bool
    """Whether the sentence names a time to come."""

    def at(self, i: int) -> Iterator[Evidence]:
        """Yield what the token `i` predicts."""
        t, triggers = self.t, self.lexicon.by_class
        lower, lemma = t.lower[i], t.lemma[i]
        if t.tag[i] == "MD" and (lower in triggers["modal"] or lower == "can"):
            yield from self._modal(i)
        elif lower in triggers["raising"] and t.pos[i] in ("ADJ", "VERB", "ADV", "ADP", "NOUN"):
            yield from self._raising(i)
        if t.pos[i] == "VERB":
            yield from self._verb(i)
        if t.pos[i] == "NOUN" and lemma in triggers["noun"]:
            event = frames.named(t, i, self.quantity_at)
            if event is None and lemma in words().figure_noun:
                level = pledges.revised(t, i, self.quantity_at, ahead=self.ahead)
                if level is not None:
                    yield Evidence(level, level, i, f"noun.{triggers['noun'][lemma][0]}", (i,), subject=i)
            if event is not None:
                subject = i if event == i else frames.subject_of_named(t, i, event)
                negated = syntax.is_negated(t, i) or (t.rel[i] == "obj" and syntax.is_negated(t, t.head[i]))
                yield Evidence(event, i, i, f"noun.{triggers['noun'][lemma][0]}", (i,), negated, subject)
        noun_of_chance = triggers["chance"].get(lemma) or triggers["chance"].get(lower)
        if t.pos[i] == "NOUN" and noun_of_chance is not None:
            said = chance(t, i, self.quantity_at, ahead=self.ahead)
            if said is not None:
                yield Evidence(
                    said.event,
                    said.holder,
                    i,
                    f"chance.{noun_of_chance[0]}",
                    said.modality,
                    said.negated,
                    said.subject,
                    said.figure,
                )
        for phrase, rule in self.lexicon.phrases.get(lower, ()):
            told = frames.phrase_event(t, i, phrase)
            if told is not None:
                event, above = told
                inside = tuple(range(i - len(phrase) + 1, i + 1))
                negated = syntax.is_negated(t, above)
                yield Evidence(event, above, i, f"phrase.{rule}", inside, negated, syntax.subject(t, above))
        noun = t.head[i]
        if (
            lower in triggers["modifier"]
            and t.rel[i] in ("amod", "compound")
            and t.pos[noun] in ("NOUN", "PROPN")
            and frames.has_quantity(t, noun, self.quantity_at)
        ):
            yield Evidence(noun, noun, i, f"modifier.{triggers['modifier'][lower][0]}", (i,), subject=noun)
        if lower == "to" and t.rel[i] == "mark":
            verb = schedules.scheduled_infinitive(t, i, self.times, self.published)
            if verb is not None:
                yield Evidence(verb, verb, i, "infinitive.be_to")

    def _modal(self, i: int) -> Iterator[Evidence]:
        t, lower = self.t, self.t.lower[i]
        if lower == "can":
            event = t.head[i]
            if any(t.lower[c] in words().forward_adverb for c in t.children[event]):
                yield Evidence(event, event, i, "modal.can_hopefully", (i,))
            elif modals.can_by_then(t, event, self.times, self.published):
                yield Evidence(event, event, i, "modal.can_by", (i,))
            return
        if t.rel[i] not in ("aux", "cop", "root", "conj"):
            return
        rule, hedges = self.lexicon.by_class["modal"][lower]
        event = t.head[i] if t.rel[i] in ("aux", "cop") else modals.verb_after(t, i, self.end)
        if modals.predicts(t, i, event, rule, self.times, self.published):
            well = [c for c in t.children[event] if t.lower[c] == "well" and c == i + 1]
            yield Evidence(event, event, i, f"modal.{rule}", (*([i] if hedges else ()), *well))

    def _raising(self, i: int) -> Iterator[Evidence]:
        t = self.t
        rule, hedges = self.lexicon.by_class["raising"][t.lower[i]]
        degree = [
            c
            for c in t.children[i]
            if t.rel[c] == "advmod" and c == i - 1 and t.lower[c] not in words().no_degree
        ]
        if any(
            t.lower[c] in words().comparative and any(g in self.quantity_at for g in t.children[c])
            for c in t.children[i]
        ):
            return  # "30 percent more likely to vote" compares
        figure = next(
            (q for c in t.children[i] if c < i and probability(q := self.quantity_at.get(c)) is not None),
            None,
        )
        stated = range(*t.range(figure.start, figure.end)) if figure is not None else ()
        due = schedules.due_infinitive(t, i, self.times, self.published) if t.lower[i] == "due" else None
        for event in frames.raised(t, i, ahead=self.ahead) if due is None else (due,):
            anchor = event if t.rel[i] in ("advmod", "case") else i
            negated = syntax.is_negated(t, i)
            certainty = (*stated, *degree, i) if hedges else ()
            subject = t.head[i] if frames.is_trailing(t, i) and anchor == i else None
            yield Evidence(event, anchor, i, f"raising.{rule}", certainty, negated, subject, figure)

    def _verb(self, i: int) -> Iterator[Evidence]:
        t, triggers = self.t, self.lexicon.by_class
        lemma = t.lemma[i]
        if t.tag[i] == "VBG" and f"{lemma}ing" == t.lower[i] and f"{lemma}e" in triggers["readiness"]:
            lemma += "e"  # lemmatizers lose it in verbs that they have not seen: "preparing" → "prepar"
        if lemma in triggers["report"]:
            event = frames.reported(t, i)
            if event is not None:
                subject = (syntax.child(t, i, "obj") or syntax.child(t, i, "obl")) if event == i else None
                rule = f"report.{triggers['report'][lemma][0]}"
                yield Evidence(event, event, i, rule, (i,), syntax.is_negated(t, i), subject)
        if lemma in triggers["outlook"]:
            event = frames.outlook(t, i, self.quantity_at, ahead=self.ahead)
            if event is not None:
                subject = syntax.child(t, i, "obj") if event == i else syntax.subject(t, event)
                rule = f"outlook.{triggers['outlook'][lemma][0]}"
                yield Evidence(event, i, i, rule, (i,), syntax.is_negated(t, i), subject)
        if lemma in triggers["intention"]:
            event = frames.intended(t, i, ahead=self.ahead)
            if event is not None:
                negated = syntax.is_negated(t, i)
                yield Evidence(event, i, i, f"intention.{triggers['intention'][lemma][0]}", (i,), negated)
        if lemma in triggers["pledge"]:
            content = pledges.pledged(t, i, self.quantity_at, ahead=self.ahead)
            if content is not None:
                rule = f"pledge.{triggers['pledge'][lemma][0]}"
                yield Evidence(i, i, i, rule, (i,), syntax.is_negated(t, i), content)
        if lemma in triggers["renounce"]:
            event = pledges.renounced(t, i)
            if event is not None:
                yield Evidence(event, i, i, f"renounce.{triggers['renounce'][lemma][0]}", (i,), negated=True)
        if lemma in triggers["readiness"]:
            event = frames.coming(t, i)
            if event is not None:
                negated = syntax.is_negated(t, i)
                yield Evidence(event, i, i, f"readiness.{triggers['readiness'][lemma][0]}", (i,), negated)


def _without_nested(t: Tokens, events: list[Event]) -> list[Event]:
    """Drop the event that is only the complement of another one in the same clause ("expected to be able to")."""
    for e in [e for e in events if e.rules[0].startswith("chance.")]:
        # "there will be a chance of rain", "it would have a good chance of passing": what is foretold is the event, not the chance
        for holder in [x for x in events if x.event == e.anchor and x is not e]:
            e.triggers.extend(holder.triggers)
            e.modality.extend(holder.modality)
            events.remove(holder)
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
