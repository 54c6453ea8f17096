"""Reading a Universal Dependencies tree: clauses, subjects, noun phrases, tense and negation.

Shared by the components. All functions take the columns of `Tokens` and token indices; spans of
tokens are half-open. `doc.noun_chunks` is of no use here, it expects other labels.

Source: Universal Dependencies v2 guidelines, https://universaldependencies.org/u/dep/
"""

from __future__ import annotations

from collections.abc import Iterable, Set

from claimtable.nlp.tokens import Tokens

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass", "nsubj:outer", "csubj:outer"})
CLAUSES = frozenset({"root", "ccomp", "advcl", "acl", "parataxis", "csubj"})
"""Relations whose dependent heads a clause of its own; `xcomp` shares its subject with the clause above."""
RELATIVE_PRONOUNS = frozenset({"which", "that", "who", "whom", "whose"})
_PRUNED = frozenset(
    {
        "acl",
        "parataxis",
        "appos",
        "punct",
        "discourse",
        "vocative",
        "cc",
        "conj",
        "list",
        "dislocated",
        "orphan",
        "advcl",
        "dep",
    }
)
_OF_CLAUSE = frozenset({"cop", "aux", "nsubj", "csubj", "mark", "case", "obl", "obj"})
"""Relations to a noun that is a predicate of what is its clause's."""
_VERBAL = frozenset({"VERB", "AUX"})
_DETERMINERS = frozenset({"the", "a", "an"})
_INVERTING = frozenset({"should", "were", "had"})
_NOT_ALONE = frozenset({"only", "just", "merely"})
"""Adverbs before which "not" denies nothing: "it will not only cut jobs"."""
_NEGATIONS = frozenset(
    {"not", "n't", "n’t", "never", "no", "nobody", "none", "neither", "nor", "nothing", "hardly", "cannot"}
)


def span_root(t: Tokens, start: int, end: int) -> int:
    """Return the token of `start`..`end` whose head lies outside it (the first such)."""
    for i in range(start, end):
        h = t.head[i]
        if (h == i or not start <= h < end) and t.pos[i] not in ("PUNCT", "SPACE"):
            return i
    return start


def child(t: Tokens, i: int, *rels: str) -> int | None:
    """Return the first dependent of `i` with one of the full relation labels `rels`."""
    for c in t.children[i]:
        if t.dep[c] in rels:
            return c
    return None


def case_word(t: Tokens, i: int) -> str:
    """Return the preposition(s) that mark `i`, lower case, joined by spaces; "" when there is none."""
    return " ".join(t.lower[c] for c in t.children[i] if t.rel[c] == "case" and c < i)


def is_clause_head(t: Tokens, i: int) -> bool:
    """Return whether `i` heads a clause: by its relation, or as the coordinated predicate of one."""
    rel = t.rel[i]
    if rel in CLAUSES:
        return True
    return rel == "conj" and (
        t.pos[i] in _VERBAL or any(t.dep[c] in SUBJECTS or t.rel[c] == "cop" for c in t.children[i])
    )


def clause_head(t: Tokens, i: int) -> int:
    """Return the head of the innermost clause that holds `i` (`i` itself when it heads one)."""
    seen = 0
    while not is_clause_head(t, i) and t.head[i] != i and seen < t.n:
        i = t.head[i]
        seen += 1
    return i


def is_before_phrase(t: Tokens, i: int, noun: int) -> bool:
    """Return whether `i` stands before the preposition, determiner or owner that opens the phrase of `noun`.

    So it says how far something is from it, not how much it is: "20 percent above plan", "24 times its expected earnings".
    """
    return any(
        i < c < noun and (t.rel[c] in ("case", "det") or t.dep[c] == "nmod:poss") for c in t.children[noun]
    )


def first_conjunct(t: Tokens, i: int, start: int) -> int:
    """Return the first member, at or after the token `start`, of the coordination that `i` belongs to; `i` alone is its own."""
    while t.rel[i] == "conj" and start <= t.head[i] < i:
        i = t.head[i]
    return i


def is_plural(t: Tokens, i: int) -> bool:
    """Return whether a noun is plural or one of several."""
    return t.tag[i] in ("NNS", "NNPS") or any(t.rel[c] == "conj" for c in t.children[i])


def has_to(t: Tokens, verb: int) -> bool:
    """Return whether `verb` is an infinitive with "to"."""
    return any(t.lower[c] == "to" and t.rel[c] == "mark" for c in t.children[verb])


def without_opening(t: Tokens, first: int, last: int) -> int:
    """Return the first token of `first`..`last` that is no punctuation, conjunction or opening "that"; `last` where all are."""
    while first < last and (
        t.pos[first] in ("PUNCT", "SPACE", "CCONJ") or (t.lower[first] == "that" and t.rel[first] == "mark")
    ):
        first += 1
    return first


def auxiliaries(t: Tokens, i: int) -> list[int]:
    """Return the auxiliaries and copulas of the predicate `i`, in text order."""
    return [c for c in t.children[i] if t.rel[c] in ("aux", "cop")]


def is_finite(t: Tokens, i: int) -> bool:
    """Return whether the predicate `i` carries tense, by itself or by an auxiliary."""
    if t.tag[i] in ("VBD", "VBZ", "VBP", "MD"):
        return True
    return any(t.tag[c] in ("VBD", "VBZ", "VBP", "MD") for c in auxiliaries(t, i))


def is_inverted(t: Tokens, clause: int) -> bool:
    """Return whether the word order makes the clause a condition: "should the talks fail", "were it to be scrapped"."""
    who = child(t, clause, *SUBJECTS)
    return (
        who is not None
        and t.rel[clause] in ("advcl", "ccomp")
        and t.head[clause] > clause
        and any(t.lower[c] in _INVERTING and c < who for c in auxiliaries(t, clause))
    )


def is_perfect(t: Tokens, i: int) -> bool:
    """Return whether the predicate `i` has the auxiliary "have"."""
    return any(t.lemma[c] == "have" and t.rel[c] == "aux" for c in t.children[i])


def is_past(t: Tokens, i: int) -> bool:
    """Return whether the predicate `i` is in the simple past or past perfect."""
    aux = auxiliaries(t, i)
    if aux:
        return t.tag[aux[0]] == "VBD"
    return t.tag[i] == "VBD"


def is_reported_past(t: Tokens, i: int) -> bool:
    """Return whether the predicate `i` is reported in the past, which its own past tense follows: "she said the chance was 40 percent"."""
    return t.rel[i] == "ccomp" and is_past(t, t.head[i])


def _own_subject(t: Tokens, i: int) -> int | None:
    """Return the subject among the dependents of `i`: the first, but not what a dash or a "that" cuts off from the second.

    "SANTIAGO - Chile produced …", "My guess is that the crews will be back": parsers give the verb both.
    """
    own = [c for c in t.children[i] if t.dep[c] in SUBJECTS]
    if (
        len(own) > 1
        and own[1] < i
        and any(t.text[c] in ("-", "–", "—") or t.rel[c] == "mark" for c in range(own[0] + 1, own[1]))
    ):
        return own[1]
    return own[0] if own else None


def subject(t: Tokens, verb: int) -> int | None:
    """Return the head token of the subject of a predicate, also where the clause leaves it out.

    Own subject; else, for a coordinated predicate that of the first; for an open complement its
    controller (the object, else the subject above); for a participle the noun that it modifies;
    for an adverbial clause without one the subject of its main clause. A relative pronoun gives the noun
    that it stands for. None when the tree has none.
    """
    seen: set[int] = set()
    i = verb
    while i not in seen:
        seen.add(i)
        own = _own_subject(t, i)
        if own is not None:
            return _stood_for(t, i, own)
        rel, head = t.rel[i], t.head[i]
        if rel == "acl":
            before = preverbal(t, i) if is_content(t, i) else None
            return head if before is None else before
        if rel in ("xcomp", "ccomp"):
            controller = _controller(t, i, head)
            if controller is not None:
                return controller
            if rel == "ccomp" and is_finite(t, i):
                return None
        elif rel not in ("conj", "advcl", "aux", "cop", "parataxis"):
            return None
        i = head
    return None


def _stood_for(t: Tokens, i: int, own: int) -> int:
    """Return what the subject `own` of the predicate `i` stands for: a relative pronoun its noun, "there" what there is."""
    if t.lower[own] in RELATIVE_PRONOUNS and t.rel[i] == "acl":
        return t.head[i]
    if t.lower[own] != "there":
        return own
    noun = t.head[i]
    # "Coverage there stood at 78 percent": parsers take the place for the subject
    lost = t.rel[i] == "parataxis" and noun < i and t.pos[noun] == "NOUN" and t.lemma[i] != "be"
    return noun if lost else i


def _controller(t: Tokens, i: int, head: int) -> int | None:
    """Return the object of the verb above that is the subject of the complement `i`.

    "he believes inflation will hit …": parsers often take the subject of a clause for that object.
    """
    if t.rel[i] == "xcomp":
        controller = child(t, head, "obj", "iobj")
        return None if controller == i else controller
    raised = child(t, head, "obj")
    return raised if raised is not None and raised < i else None


def preverbal(t: Tokens, verb: int) -> int | None:
    """Return the noun right before a finite verb and its auxiliaries, for a verb to which the parser gave no subject.

    Nothing else stands there in an English statement: in "in 2050 yields will fall" parsers take "yields" for the time.
    """
    if not is_finite(t, verb):
        return None
    i = verb - 1
    while i >= 0 and t.pos[i] in ("AUX", "ADV", "PART"):
        i -= 1
    if i < 0 or t.pos[i] not in ("NOUN", "PROPN"):
        return None
    while t.head[i] != verb and t.head[i] < verb and t.head[i] != i:
        above = t.head[i]
        if "," in t.text[above:i]:
            return i  # "that by 2050, yields will fall": nor does a noun hang on what a comma cuts off
        i = above
    return i if t.head[i] == verb and t.rel[i] in ("obl", "obj", "nmod", "dep") else None


def is_content(t: Tokens, clause: int) -> bool:
    """Tell the clause that says what its noun means, "the fact that yields fall", from one that describes it.

    The noun is no part of it: its subject is its own.
    """
    return (
        t.rel[clause] == "acl"
        and t.dep[clause] != "acl:relcl"
        and is_finite(t, clause)
        and any(t.lower[c] == "that" and t.rel[c] == "mark" for c in t.children[clause])
    )


def noun_phrase(t: Tokens, head: int, *, drop: Set[int] = frozenset(), clauses: bool = False) -> list[int]:
    """Return the tokens of the noun phrase of `head` in text order.

    Args:
        head: its head noun or name.
        drop: token indices to leave out together with what depends on them (a number, say).
        clauses: keep participial and infinitive modifiers ("workers employed in Russia").
    """
    out = [head]
    stack = [(head, True)]
    while stack:
        i, top = stack.pop()
        for c in t.children[i]:
            if c in drop or t.pos[c] == "SPACE" or (i == head and _is_of_clause(t, head, c)):
                continue
            if t.rel[c] == "punct":
                if _keeps_punct(t, c, head):
                    out.append(c)
                continue
            coordinated = t.rel[c] in ("cc", "conj")
            joined = coordinated and (not top or (t.pos[head] != "VERB" and not _is_clausal_conj(t, c)))
            modifier = clauses and t.rel[c] == "acl" and t.dep[c] != "acl:relcl" and not _is_after_comma(t, c)
            if joined or modifier or t.rel[c] not in _PRUNED:
                out.append(c)
                stack.append((c, False))
    out.sort()
    return _without_loose_ends(t, out, head)


def _is_of_clause(t: Tokens, head: int, c: int) -> bool:
    """Return whether the dependent `c` of a noun that is a predicate belongs to the clause, not to the noun's phrase."""
    if t.rel[c] == "advmod":
        inside = c < head and t.pos[head] in ("NOUN", "PROPN") and is_modifier_adverb(t, c)
        return not inside
    return t.rel[c] in _OF_CLAUSE


def _without_loose_ends(t: Tokens, tokens: list[int], head: int) -> list[int]:
    """Return the tokens of a phrase without punctuation and conjunctions at its ends."""
    first, last = 0, len(tokens)
    while (
        last > first
        and t.pos[tokens[last - 1]] in ("PUNCT", "CCONJ")
        and tokens[last - 1] != head
        and t.lower[tokens[last - 1]] not in (")", "%")
    ):
        last -= 1
    while first < last and t.pos[tokens[first]] in ("PUNCT", "CCONJ") and tokens[first] != head:
        first += 1
    return tokens[first:last]


def is_modifier_adverb(t: Tokens, i: int) -> bool:
    """Tell adverbs inside a noun phrase ("nearly", "previously uninvolved") from those of the clause."""
    return t.head[i] != i and t.pos[t.head[i]] in ("ADJ", "NUM", "DET")


def _is_clausal_conj(t: Tokens, i: int) -> bool:
    return t.rel[i] == "conj" and (t.pos[i] == "VERB" or any(t.dep[c] in SUBJECTS for c in t.children[i]))


def _keeps_punct(t: Tokens, i: int, head: int) -> bool:
    return t.text[i] in ("-", "–", "/", "'", "’", "&", ".") and abs(i - head) <= 3


def _is_after_comma(t: Tokens, head: int) -> bool:
    """Return whether a comma sets off what hangs on `head`: "cases, followed by Spain"."""
    first = t.subtree(head)[0]
    return t.text[first] == "," or (first > 0 and t.text[first - 1] == ",")


def text_of(t: Tokens, text: str, tokens: Iterable[int], *, determiner: bool = False) -> str:
    """Return the words of `tokens` as written, gaps closed with one space, without a leading article."""
    items = list(tokens)
    if not determiner:
        while items and t.lower[items[0]] in _DETERMINERS:
            items.pop(0)
    parts: list[str] = []
    previous = None
    for i in items:
        if previous is not None and i == previous + 1:
            parts.append(text[t.end[previous] : t.start[i]])
        elif previous is not None:
            parts.append(" ")
        parts.append(text[t.start[i] : t.end[i]])
        previous = i
    return " ".join("".join(parts).split())


def clause_tokens(t: Tokens, head: int, *, keep: Set[int] = frozenset()) -> tuple[int, int]:
    """Return the token range of the clause of `head`, without coordinated or subordinate finite clauses at its edges.

    Args:
        head: the predicate.
        keep: heads of clauses that belong to it all the same (a condition, say).
    """
    out = [head]
    stack = [head]
    while stack:
        i = stack.pop()
        for c in t.children[i]:
            if t.pos[c] == "SPACE":
                continue
            rel = t.rel[c]
            if c not in keep:
                if rel == "parataxis" or (rel == "conj" and is_clause_head(t, c) and i == head):
                    continue
                if rel in ("cc", "punct") and i == head:
                    continue
            out.append(c)
            stack.append(c)
    return min(out), max(out) + 1


def participle_with_object(t: Tokens, noun: int) -> bool:
    """Return whether what the parse takes for a participle of a noun has an object: it is the verb that the noun is subject of.

    "The potential to grow attracted investors".
    """
    return any(
        t.rel[c] == "acl"
        and t.tag[c] in ("VBN", "VBD")
        and not auxiliaries(t, c)
        and child(t, c, "obj") is not None
        for c in t.children[noun]
    )


def is_negated(t: Tokens, i: int) -> bool:
    """Return whether the predicate `i` is negated by a particle, an adverb or a negative subject or object."""
    for c in t.children[i]:
        if t.lower[c] in _NEGATIONS and t.rel[c] in ("advmod", "det", "aux", "discourse", "cc"):
            if c + 1 < t.n and t.lower[c + 1] in _NOT_ALONE:
                continue
            return True
        if t.lower[c] in ("can't", "won't", "cannot") or (t.lower[c] == "longer" and t.lower[c - 1] == "no"):
            return True
        if t.rel[c] in ("nsubj", "obj") and (
            t.lower[c] in ("nobody", "none", "nothing")
            or any(t.lower[g] in ("no", "neither") and t.rel[g] == "det" for g in t.children[c])
        ):
            return True
    return False


def path_to(t: Tokens, i: int, ancestor: int) -> list[int] | None:
    """Return the tokens from `i` up to `ancestor`, both included, or None when `ancestor` is not above `i`."""
    path = [i]
    while i != ancestor:
        h = t.head[i]
        if h == i:
            return None
        i = h
        path.append(i)
    return path
