"""Predictions: what, by whom, how surely, by when, on what condition.

Each prediction hangs on one *event*: the predicate that is said to come ("will rise" → rise, "is expected to
begin" → begin, "a target of $1 billion by 2020" → target). Several words may mark the same event; they
make one record. Not predictions: habitual and epistemic *will* and *may* about the past, counterfactuals,
abilities in the past, conditions, questions.

The words that mark predictions are in `rules/data/prediction_triggers.tsv`, the probability scales in
`rules/data/estimative.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp import extensions, syntax
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Document, Prediction, Quantity, TimeExpression

VERSION = "1"
SCALES = ("icd203", "ipcc_ar5")

TriggerClass = Literal[
    "modal", "raising", "report", "intention", "noun", "modifier", "adverb", "scheduled", "infinitive"
]

# Verbs whose "would" in the first person hedges an opinion ("I would estimate"), or states a wish ("would like").
_OPINION_VERBS = frozenset(
    [
        "say",
        "think",
        "estimate",
        "assume",
        "imagine",
        "guess",
        "argue",
        "suggest",
        "believe",
        "suppose",
        "hope",
        "appreciate",
        "love",
        "like",
        "prefer",
        "expect",
    ]
)
_WISH_VERBS = frozenset(["like", "love", "prefer", "hate"])
_FREQUENCY = frozenset(
    [
        "often",
        "always",
        "usually",
        "sometimes",
        "generally",
        "typically",
        "normally",
        "occasionally",
        "frequently",
    ]
)
_CONDITION_MARKS = frozenset(["if", "unless", "provided", "providing", "assuming"])
_NO_CLAIM_MARKS = frozenset(["if", "unless", "whether", "provided", "providing", "assuming", "lest"])
_DEADLINE_PREPOSITIONS = frozenset(
    (
        "by",
        "before",
        "until",
        "till",
        "in",
        "on",
        "within",
        "during",
        "at",
        "over",
        "for",
        "next",
        "through",
        "to",
        "",
    )
)
_NOT = frozenset(("n't", "n’t", "not"))
# "is to be expected", "trade to be had": set phrases, no schedule
_FIXED_INFINITIVES = frozenset(["expect", "have", "see", "blame", "say", "find", "do", "make", "note"])
# "the aim is to call for action": the infinitive says what the subject consists in
_CONSISTING = frozenset(
    [
        "aim",
        "goal",
        "purpose",
        "objective",
        "task",
        "role",
        "job",
        "idea",
        "key",
        "way",
        "challenge",
        "need",
        "question",
        "problem",
        "solution",
        "point",
        "intention",
        "trick",
    ]
)
# passive participles that predict on their own, without an infinitive ("growth is expected")
_BARE_RAISING = frozenset(
    [
        "expected",
        "likely",
        "unlikely",
        "probable",
        "improbable",
        "scheduled",
        "forecast",
        "forecasted",
        "projected",
        "predicted",
        "planned",
        "anticipated",
    ]
)
_FUTURE_NOUN_FRAMES = frozenset(("acl", "advcl"))
_COUNTLESS = frozenset(
    [
        "target",
        "goal",
        "aim",
        "forecast",
        "projection",
        "prediction",
        "expectation",
        "plan",
        "promise",
        "pledge",
        "commitment",
    ]
)


@dataclass(slots=True)
class _Event:
    """A predicted event while its evidence is collected. Token indices."""

    event: int
    anchor: int
    """Head of the clause that makes the prediction (the trigger's own, where that is above the event)."""
    triggers: list[int] = field(default_factory=list)
    modality: list[int] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    negated: bool = False
    subject: int | None = None


class _Lexicon:
    """The trigger words by class, and the scales."""

    def __init__(self, scale: str) -> None:
        self.by_class: dict[str, dict[str, tuple[str, bool]]] = {}
        for row in rules.table("prediction_triggers", "word", "class", "modality"):
            self.by_class.setdefault(row["class"], {})[row["word"]] = (row["id"], row["modality"] == "yes")
        self.scale = scale
        self.estimates = sorted(
            (
                (row["expression"], float(row["low"]), float(row["high"]))
                for row in rules.table("estimative", "expression", "scale", "low", "high")
                if row["scale"] == scale
            ),
            key=lambda item: -len(item[0]),
        )
        if not self.estimates:
            raise RuleError(
                f"rules/data/estimative.tsv has no scale {scale!r}: choose one of {', '.join(SCALES)}"
            )

    def estimate(self, phrase: str) -> tuple[float, float] | None:
        """Returns the probability range of the longest listed expression in `phrase`, or None."""
        padded = f" {phrase.lower()} "
        for expression, low, high in self.estimates:
            if f" {expression} " in padded:
                return low, high
        return None


class Predictions:
    """Finds predictions and writes `doc._.claimtable_predictions`."""

    def __init__(self, *, scale: str) -> None:
        self.scale = scale
        self.lexicon = _Lexicon(scale)

    def __call__(self, doc: Doc) -> Doc:
        extensions.set_layer(doc, "predictions", find_predictions(doc, self.lexicon))
        return doc


def find_predictions(doc: Doc, lexicon: _Lexicon) -> list[Prediction]:
    """Returns the predictions of the sections of a parsed document, in text order."""
    document = extensions.document_of(doc)
    if not len(doc) or not document.sections:
        return []
    t = Tokens.of(doc)
    found: list[Prediction] = []
    quantities: Sequence[Quantity] = doc._.claimtable_quantities
    times: Sequence[TimeExpression] = doc._.claimtable_times
    quantity_at = {i for q in quantities for i in range(*t.range(q.start, q.end))}
    for a, b in t.sents:
        if document.section_at(t.start[a] if t.pos[a] != "SPACE" else t.start[min(a + 1, b - 1)]) is None:
            continue
        if _is_question(t, a, b):
            continue
        sentence_times = [x for x in times if x.start >= t.start[a] and x.end <= t.end[b - 1]]
        found.extend(
            _record(t, document, event, lexicon, sentence_times, (a, b))
            for event in _events(t, a, b, lexicon, quantity_at, sentence_times, document.published)
        )
    found.sort(key=lambda p: (p.start, p.trigger_start))
    return found


def _is_question(t: Tokens, a: int, b: int) -> bool:
    return any(t.text[i] == "?" for i in range(max(a, b - 4), b))


def _events(
    t: Tokens,
    a: int,
    b: int,
    lexicon: _Lexicon,
    quantity_at: set[int],
    times: Sequence[TimeExpression],
    published: date | None,
) -> list[_Event]:
    events: dict[int, _Event] = {}

    def add(
        event: int, anchor: int, trigger: Sequence[int], kind: str, rule: str, modality: Sequence[int] = ()
    ) -> _Event:
        record = events.setdefault(event, _Event(event, anchor))
        if anchor < record.anchor or t.head[record.anchor] == anchor:
            record.anchor = anchor
        record.triggers.extend(x for x in trigger if x not in record.triggers)
        record.modality.extend(x for x in modality if x not in record.modality)
        record.rules.append(f"{kind}.{rule}")
        return record

    words = lexicon.by_class
    for i in range(a, b):
        lower = t.lower[i]
        lemma = t.lemma[i]
        if lower in words["modal"] and t.tag[i] == "MD" and t.rel[i] in ("aux", "cop", "root", "conj"):
            rule, hedges = words["modal"][lower]
            event = t.head[i] if t.rel[i] in ("aux", "cop") else i
            if _modal_counts(t, i, event, rule, times):
                extra = [i] if hedges else []
                extra += [c for c in t.children[event] if t.lower[c] == "well" and c == i + 1]
                add(event, event, [i], "modal", rule, extra)
        elif (
            lower == "can"
            and t.tag[i] == "MD"
            and any(t.lower[c] in ("hopefully", "eventually") for c in t.children[t.head[i]])
        ):
            add(t.head[i], t.head[i], [i], "modal", "can_hopefully", [i])
        elif lower in words["raising"] and t.pos[i] in ("ADJ", "VERB", "ADV", "ADP", "NOUN"):
            for event in _raising(t, i):
                rule, hedges = words["raising"][lower]
                degree = [
                    c
                    for c in t.children[i]
                    if t.rel[c] == "advmod" and c == i - 1 and t.lower[c] not in ("not", "n't", "also")
                ]
                anchor = event if t.rel[i] == "advmod" else i
                record = add(event, anchor, [i], "raising", rule, [*degree, i] if hedges else ())
                record.negated = record.negated or (syntax.is_negated(t, i) and event != i)
        if t.pos[i] == "VERB" and lemma in words["report"]:
            event_token = _reported(t, i)
            if event_token is not None:
                rule, _ = words["report"][lemma]
                record = add(event_token, i if event_token == i else event_token, [i], "report", rule, [i])
                if event_token == i:
                    record.subject = syntax.child(t, i, "obj") or syntax.child(t, i, "obl")
        if t.pos[i] == "VERB" and lemma in words["intention"]:
            event_token = _intended(t, i)
            if event_token is not None:
                rule, _ = words["intention"][lemma]
                record = add(event_token, i, [i], "intention", rule, [i])
                record.negated = record.negated or syntax.is_negated(t, i)
        if t.pos[i] == "NOUN" and lemma in words["noun"]:
            event_token = _named(t, i, quantity_at)
            if event_token is not None:
                rule, _ = words["noun"][lemma]
                record = add(event_token, i, [i], "noun", rule, [i])
                record.subject = i if event_token == i else _subject_of_noun_event(t, i, event_token)
        if (
            lower in words["modifier"]
            and t.rel[i] in ("amod", "compound")
            and t.pos[t.head[i]] in ("NOUN", "PROPN")
        ):
            noun = t.head[i]
            if _has_quantity(t, noun, quantity_at):
                rule, _ = words["modifier"][lower]
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
            if word in words["adverb"] and words["adverb"][word][1] and c not in record.modality:
                record.modality.append(c)
                record.modality.extend(g for g in t.children[c] if t.rel[g] == "advmod" and g == c - 1)
    return _without_nested(t, list(events.values()))


def _without_nested(t: Tokens, events: list[_Event]) -> list[_Event]:
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
        out.append(e)
    return out


def _modal_counts(t: Tokens, modal: int, event: int, rule: str, times: Sequence[TimeExpression]) -> bool:
    lower = t.lower[modal]
    children = t.children[event]
    if any(t.lower[c] in _NO_CLAIM_MARKS and t.rel[c] == "mark" for c in children):
        return False
    head = t.head[event]
    if t.rel[event] in ("advcl", "ccomp") and any(
        t.lower[c] in ("whether", "if") for c in children if c < modal
    ):
        return False
    if any(t.lower[c] in _FREQUENCY for c in children):
        return False
    perfect = any(t.lemma[c] == "have" and t.rel[c] == "aux" for c in children) and t.tag[event] in (
        "VBN",
        "VBD",
    )
    if perfect:
        # "will have doubled by 2030" is a forecast, "will have heard by now" is not.
        last = max(syntax.clause_tokens(t, event)[1] - 1, event)
        return rule in ("will", "ll") and any(
            x.preposition in ("by", "before", "in") and x.start > t.start[event] and x.end <= t.end[last]
            for x in times
        )
    who = syntax.subject(t, event)
    first_person = who is not None and t.lower[who] in ("i", "we")
    if lower in ("would", "'d", "’d"):
        if t.lemma[event] in _WISH_VERBS or (first_person and t.lemma[event] in _OPINION_VERBS):
            return False
        if lower != "would" and t.tag[event] in ("VBN", "VBD"):
            return False
    if lower == "could" and t.lemma[event] in (
        "see",
        "hear",
        "feel",
        "remember",
        "imagine",
        "understand",
        "believe",
        "care",
        "reach",
    ):
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
        and any(t.lower[c] in _NOT for c in children)
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
            if t.rel[c] in wanted and c > i and (t.tag[c] in ("VB", "VBN", "NN") or _to(t, c))
        ]
        events = [c for c in events if _to(t, c) or lower in ("sure", "certain", "due")]
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
        if (t.rel[c] in ("xcomp", "csubj", "ccomp") or (t.rel[c] == "advcl" and _to(t, c)))
        and (t.pos[c] in ("VERB", "AUX") or c > i)
    ]
    if events:
        yield events[-1] if t.rel[events[0]] == "nsubj" else events[0]
        return
    is_predicate = any(t.rel[c] == "cop" or t.dep[c] == "aux:pass" for c in t.children[i]) or t.rel[i] in (
        "acl",
        "xcomp",
    )
    if (
        is_predicate
        and lower in _BARE_RAISING
        and (t.rel[i] != "acl" or any(t.rel[c] == "obl" for c in t.children[i]))
    ):
        yield i


def _to(t: Tokens, verb: int) -> bool:
    return any(t.lower[c] == "to" and t.rel[c] == "mark" for c in t.children[verb])


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
            if t.dep[c] in ("xcomp", "advcl", "ccomp") and c > i and (_to(t, c) or t.rel[c] == "ccomp")
        ),
        None,
    )
    if event is None or (t.lemma[i] == "expect" and t.rel[event] == "ccomp"):
        return None
    return event


def _named(t: Tokens, i: int, quantity_at: set[int]) -> int | None:
    """Returns the event of a noun such as "target": its infinitive, its of-participle, else the noun with a figure."""
    lemma = t.lemma[i]
    for c in t.children[i]:
        if c > i and t.rel[c] in _FUTURE_NOUN_FRAMES and t.dep[c] != "acl:relcl":
            if _to(t, c):
                return c
            if (
                lemma in ("chance", "likelihood", "probability", "possibility", "prospect")
                and t.tag[c] == "VBG"
            ):
                return c
    verb = t.head[i]
    if t.rel[i] == "obj" and lemma not in ("chance", "possibility"):
        for c in t.children[verb]:
            if i < c <= i + 4 and t.rel[c] in ("xcomp", "advcl") and _to(t, c):
                return c
    if lemma in _COUNTLESS and _has_quantity(t, i, quantity_at):
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
    if t.lemma[verb] in _FIXED_INFINITIVES:
        return None
    if before:
        who = syntax.child(t, verb, "nsubj", "nsubj:pass", "nsubj:outer")
        return None if who is not None and t.lemma[who] in _CONSISTING else verb
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
    if any(t.lower[c] in _NO_CLAIM_MARKS for c in t.children[verb]):
        return None
    return verb if syntax.is_finite(t, verb) and not any(t.tag[c] == "MD" for c in t.children[verb]) else None


def _record(
    t: Tokens,
    document: Document,
    e: _Event,
    lexicon: _Lexicon,
    times: Sequence[TimeExpression],
    sentence: tuple[int, int],
) -> Prediction:
    text = document.text
    condition = _condition(t, e)
    first, last = syntax.clause_tokens(
        t, e.anchor, keep={e.event, *([condition] if condition is not None else [])}
    )
    first, last = max(first, sentence[0]), min(last, sentence[1])
    if t.rel[e.anchor] == "acl" and t.dep[e.anchor] == "acl:relcl":
        first = min(first, *syntax.noun_phrase(t, t.head[e.anchor]))
    while first < e.anchor and (
        t.pos[first] in ("PUNCT", "SPACE", "CCONJ") or (t.lower[first] == "that" and t.rel[first] == "mark")
    ):
        first += 1
    while last - 1 > e.anchor and t.pos[last - 1] in ("SPACE",):
        last -= 1
    triggers = sorted(e.triggers)
    modality_tokens = sorted(set(e.modality))
    modality = syntax.text_of(t, text, modality_tokens, determiner=True) if modality_tokens else None
    estimate = lexicon.estimate(modality) if modality else None
    deadline_time = _deadline(t, e, times, document.published)
    deadline = None
    if deadline_time is not None:
        deadline = deadline_time.range_end or deadline_time.time_end
        if deadline_time.preposition == "before" and deadline_time.time_start is not None:
            deadline = deadline_time.time_start - timedelta(days=1)
    who = e.subject if e.subject is not None else syntax.subject(t, e.event)
    if who is not None and t.lower[who] == "it" and e.anchor != e.event:
        who = syntax.subject(t, e.event)
    negated = e.negated or (syntax.is_negated(t, e.event) and e.event not in e.triggers)
    condition_text = None
    if condition is not None:
        low, high = _condition_range(t, condition)
        condition_text = text[t.start[low] : t.end[high - 1]]
    return Prediction(
        start=t.start[first],
        end=t.end[last - 1],
        text=text[t.start[first] : t.end[last - 1]],
        trigger_start=t.start[triggers[0]],
        trigger_end=t.end[triggers[-1]],
        subject=syntax.text_of(t, text, syntax.noun_phrase(t, who)) if who is not None else None,
        predicate=t.lemma[e.event],
        modality=modality,
        probability_low=estimate[0] if estimate else None,
        probability_high=estimate[1] if estimate else None,
        scale=lexicon.scale if estimate else None,
        deadline=deadline,
        time_text=deadline_time.text if deadline_time is not None else None,
        condition=condition_text,
        polarity="negated" if negated else "affirmed",
        rule=f"prediction.{e.rules[0]}@{VERSION}",
        event_start=t.start[e.event],
        subject_start=t.start[who] if who is not None else None,
    )


def _condition(t: Tokens, e: _Event) -> int | None:
    """Returns the head of the if-, unless-, depending- or without-phrase of the event, or None."""
    for holder in dict.fromkeys((e.event, e.anchor, t.head[e.anchor])):
        for c in t.children[holder]:
            if t.rel[c] in ("advcl", "obl", "advmod"):
                low = t.lower[c]
                if any(
                    t.lower[g] in _CONDITION_MARKS and t.rel[g] in ("mark", "case", "advmod")
                    for g in t.children[c]
                ):
                    return c
                if low == "depending" or any(
                    t.lower[g] in ("without", "depending") and t.rel[g] in ("case", "mark")
                    for g in t.children[c]
                ):
                    return c
    return None


def _condition_range(t: Tokens, head: int) -> tuple[int, int]:
    inside = [i for i in t.subtree(head) if t.pos[i] != "SPACE"]
    while inside and t.pos[inside[-1]] == "PUNCT":
        inside.pop()
    while inside and t.pos[inside[0]] == "PUNCT":
        inside.pop(0)
    return inside[0], inside[-1] + 1


def _deadline(
    t: Tokens, e: _Event, times: Sequence[TimeExpression], published: date | None
) -> TimeExpression | None:
    """Returns the time expression that says when the event comes true: in its own clause, at or after publication."""
    best: tuple[int, TimeExpression] | None = None
    for x in times:
        if x.time_end is None or x.type == "SET" or (x.preposition or "") not in _DEADLINE_PREPOSITIONS:
            continue
        if published is not None and x.time_end < published:
            continue
        first, last = t.range(x.start, x.end)
        root = syntax.span_root(t, first, last)
        path = syntax.path_to(t, root, e.event)
        if path is None:
            path = syntax.path_to(t, root, e.anchor)
        if path is None:
            continue
        crossings = sum(1 for i in path[1:-1] if syntax.is_clause_head(t, i) and syntax.is_finite(t, i))
        if crossings:
            continue
        rank = len(path) - (3 if x.preposition in ("by", "before", "until") else 0)
        if best is None or rank < best[0]:
            best = (rank, x)
    return best[1] if best is not None else None


@Language.factory(
    "claimtable_predictions",
    assigns=["doc._.claimtable_predictions", "doc.spans"],
    requires=[
        "token.dep",
        "token.tag",
        "token.lemma",
        "doc._.claimtable_quantities",
        "doc._.claimtable_times",
    ],
    default_config={"scale": "icd203"},
)
def make_predictions(nlp: Language, name: str, scale: str) -> Predictions:
    """Creates the component.

    Args:
        scale: the verbal-probability scale of the figures, `icd203` or `ipcc_ar5`; scales are never mixed.
    """
    extensions.register()
    return Predictions(scale=scale)
