"""Windows of a document that the encoder reads at a time.

A window depends on its own document alone, never on what shares a batch with it: dynamic int8 takes one activation
scale per call, so each window must be its own call for the result to be reproducible.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SENTENCE_FINAL = frozenset({".", "!", "?", "…", "...", "?!", "!!", "!!!", "??", "。", "！", "？", "۔", "।"})
"""Tokens after which a window may end without cutting a sentence, as the English tokenizer of spaCy forms them."""

CLAUSE_FINAL = frozenset({";", ":", ",", "–", "—", "--"})
"""Second choice, for sentences that do not fit into a window."""

CLOSING = frozenset({'"', "'", "”", "’", "''", ")", "]", "»"})
"""Marks that still belong to the sentence when they follow its end."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Half-open token range of one window."""

    start: int
    end: int


def find_break(words: Sequence[str], start: int, end: int) -> int:
    """Return where to cut the tokens `start` to `end` (all that fit), as the token index after the cut.

    After the last sentence-final mark, else after the last clause-final mark of the second half, else at `end`.
    White space that contains a line break counts as sentence-final.
    """
    for index in range(end - 1, start, -1):
        word = words[index - 1]
        if word in SENTENCE_FINAL or "\n" in word:
            while index < end and words[index] in CLOSING:
                index += 1
            return index
    for index in range(end, (start + end) // 2, -1):
        if words[index - 1] in CLAUSE_FINAL:
            return index
    return end


def cut_chunks(words: Sequence[str], lengths: Sequence[int], max_pieces: int) -> list[Chunk]:
    """Cut a document into windows of at most `max_pieces` pieces.

    `lengths` has the number of pieces per token. The windows cover every token once and in order. A window holds at
    least one token, so a token with more than `max_pieces` pieces is alone in its window.
    """
    chunks: list[Chunk] = []
    total = len(words)
    start = 0
    while start < total:
        used = 0
        end = start
        while end < total and (used + lengths[end] <= max_pieces or end == start):
            used += lengths[end]
            end += 1
        if end < total:
            end = max(find_break(words, start, end), start + 1)
        chunks.append(Chunk(start, end))
        start = end
    return chunks
