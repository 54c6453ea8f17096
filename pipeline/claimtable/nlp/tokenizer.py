"""What is changed of the tokenizer: a bound on one long stretch of punctuation, and citation marks that touch a word."""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # compiled, without stubs
from spacy.util import registry

EMPTY = "claimtable.EmptyTokenizer.v1"
"""Name, in a pipeline's config, of a tokenizer without rules."""

RUN = 30
"""Signs in a row, no letter, digit or space among them, that become one token: more than any ellipsis or dash has. spaCy
takes affixes off one by one and copies the rest each time: 8,000 brackets took 18 s, twice as many four times that."""

_RUN = rf"[^\w\s]{{{RUN},}}"
_PREFIX = rf"^{_RUN}"
_CITATION = r"(?<=[^\W_])[.,;:!?](?=\[\d)|(?<=[^\W_]|[.,;:!?])\[(?=\d{1,3}(?:[\],–-]|$))"
"""The signs between a word and the number of a note behind it: "4,000 people.[5]"."""
_SUFFIX = rf"(?<![^\w\s]){_RUN}$"  # tried from the beginning of a run alone, which keeps the search linear


def empty_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return what makes a tokenizer to be filled from disk. The default one would first get the same rules, for nothing."""
    return lambda nlp: Tokenizer(nlp.vocab)


registry.tokenizers.register(EMPTY, func=empty_tokenizer)


def bound_runs(nlp: Language) -> None:
    """Make a long run of punctuation one token, so that tokenizing is linear in the text. Other text is as before."""
    tokenizer = nlp.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        return
    prefixes = _extended(tokenizer.prefix_search, _PREFIX)
    suffixes = _extended(tokenizer.suffix_search, _SUFFIX)
    if prefixes is tokenizer.prefix_search and suffixes is tokenizer.suffix_search:
        return
    # Each of the two would enter all exceptions anew.
    rules = tokenizer.rules
    tokenizer.rules = {}
    tokenizer.prefix_search, tokenizer.suffix_search = prefixes, suffixes
    tokenizer.rules = rules


def split_citations(nlp: Language) -> None:
    """Make tokens of their own of a sentence's stop and the bracket of a note behind it: "people.[5]"."""
    tokenizer = nlp.tokenizer
    pattern = getattr(getattr(getattr(tokenizer, "infix_finditer", None), "__self__", None), "pattern", None)
    if isinstance(tokenizer, Tokenizer) and pattern is not None and not pattern.startswith(_CITATION):
        rules = tokenizer.rules
        tokenizer.rules = {}
        tokenizer.infix_finditer = re.compile(f"{_CITATION}|{pattern}").finditer
        tokenizer.rules = rules


def _extended(search: object, first: str) -> object:
    """Return the search of a pattern that tries `first` before the given one; given None or the like, that."""
    pattern = getattr(getattr(search, "__self__", None), "pattern", None)
    if pattern is None or pattern.startswith(first):
        return search
    return re.compile(f"{first}|{pattern}").search
