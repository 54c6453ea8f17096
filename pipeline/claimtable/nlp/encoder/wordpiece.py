"""Uncased wordpiece tokenization of spaCy tokens, as BERT defines it.

Follows Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers" (the reference `BasicTokenizer`
and `WordpieceTokenizer`): control characters are dropped, text is lower-cased, accents are stripped (NFD), ASCII
symbols and Unicode punctuation and CJK ideographs stand alone, and each remaining word is cut greedily into the
longest pieces of the vocabulary. A word that cannot be cut is one unknown piece.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from claimtable.errors import ModelError

CONTINUATION = "##"
SPECIAL_PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")

MAX_WORD_CHARACTERS = 100
"""Longer words are one unknown piece (the limit of the reference implementation)."""

MAX_TOKEN_CHARACTERS = 200
"""Only so many characters of a token are read: a megabyte without a space is one spaCy token."""

MAX_TOKEN_PIECES = 16
"""Pieces kept of one token, so that a rule of five hundred dashes does not fill a window by itself."""

MAX_CACHED_TOKENS = 200_000
"""Distinct tokens remembered before the cache starts again; about 40 MB. News repeats its words within far fewer."""

# Blocks that the reference implementation calls Chinese characters: unified ideographs with extensions A to E,
# and the compatibility ideographs. Hangul and Japanese kana are words there.
_CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def _is_cjk(codepoint: int) -> bool:
    return any(low <= codepoint <= high for low, high in _CJK)


def _is_punctuation(char: str) -> bool:
    codepoint = ord(char)
    if 33 <= codepoint <= 47 or 58 <= codepoint <= 64 or 91 <= codepoint <= 96 or 123 <= codepoint <= 126:
        return True
    return unicodedata.category(char).startswith("P")


def split_basic(text: str) -> list[str]:
    """Cut a text into lower-case words without accents and into single punctuation marks and ideographs."""
    if text.isascii() and text.isalpha():
        return [text.lower()]
    cleaned: list[str] = []
    for char in text:
        codepoint = ord(char)
        category = unicodedata.category(char)
        if char in "\t\n\r" or category == "Zs":
            cleaned.append(" ")
        elif codepoint == 0xFFFD or category in ("Cc", "Cf", "Cs", "Co"):
            continue
        elif _is_cjk(codepoint):
            cleaned.append(f" {char} ")
        else:
            cleaned.append(char)
    words: list[str] = []
    for word in "".join(cleaned).split():
        current: list[str] = []
        for char in unicodedata.normalize("NFD", word.lower()):
            if unicodedata.category(char) == "Mn":
                continue
            if _is_punctuation(char):
                if current:
                    words.append("".join(current))
                    current = []
                words.append(char)
            else:
                current.append(char)
        if current:
            words.append("".join(current))
    return words


@dataclass(frozen=True)
class Vocabulary:
    """The pieces in the order of their ids, with the ids of the special ones."""

    pieces: tuple[str, ...]
    ids: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ids = {piece: index for index, piece in enumerate(self.pieces)}
        missing = [piece for piece in SPECIAL_PIECES if piece not in ids]
        if missing:
            raise ModelError(
                f"the encoder's wordpiece vocabulary has {len(self.pieces)} pieces and lacks {', '.join(missing)}: "
                "the model is incomplete; install claimtable again or export the pipeline again"
            )
        object.__setattr__(self, "ids", ids)

    @classmethod
    def from_text(cls, text: str) -> "Vocabulary":
        """Read a vocabulary with one piece a line, the line number (from 0) being its id."""
        return cls(tuple(text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")))

    def to_text(self) -> str:
        """Return one piece a line; the inverse of `from_text`."""
        return "\n".join(self.pieces) + "\n"

    @property
    def sha256(self) -> str:
        """Of the text form, in hexadecimal."""
        return hashlib.sha256(self.to_text().encode("utf-8")).hexdigest()


class WordpieceTokenizer:
    """Gives the piece ids of a spaCy token, remembering each distinct token.

    The cache is keyed by spaCy's 64-bit string hash, which is the same in every vocabulary and process.
    It is not saved with the model.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.unknown_id = vocabulary.ids["[UNK]"]
        self.start_id = vocabulary.ids["[CLS]"]
        self.end_id = vocabulary.ids["[SEP]"]
        self.padding_id = vocabulary.ids["[PAD]"]
        self._cache: dict[int, tuple[int, ...]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_cache": {}}

    def tokenize_word(self, word: str) -> list[int]:
        """Cut one word greedily into the longest pieces of the vocabulary; `word` is as `split_basic` gives it."""
        if len(word) > MAX_WORD_CHARACTERS:
            return [self.unknown_id]
        lookup = self.vocabulary.ids
        whole = lookup.get(word)
        if whole is not None:
            return [whole]
        found: list[int] = []
        start = 0
        while start < len(word):
            prefix = CONTINUATION if start else ""
            for end in range(len(word), start, -1):
                piece = lookup.get(prefix + word[start:end])
                if piece is not None:
                    break
            else:
                return [self.unknown_id]
            found.append(piece)
            start = end
        return found

    def tokenize(self, text: str) -> tuple[int, ...]:
        """Return the piece ids of one token's text; empty for white space and invisible characters."""
        pieces: list[int] = []
        for word in split_basic(text[:MAX_TOKEN_CHARACTERS]):
            pieces.extend(self.tokenize_word(word))
            if len(pieces) >= MAX_TOKEN_PIECES:
                break
        return tuple(pieces[:MAX_TOKEN_PIECES])

    def tokenize_all(self, keys: Iterable[int], strings: Mapping[int, str] | Any) -> list[tuple[int, ...]]:
        """Return the piece ids of each token; `keys` are spaCy string hashes, `strings` resolves them."""
        cache = self._cache
        result: list[tuple[int, ...]] = []
        for key in keys:
            pieces = cache.get(key)
            if pieces is None:
                pieces = self.tokenize(strings[key])
                if len(cache) >= MAX_CACHED_TOKENS:
                    # A new dictionary: another thread may be reading the old one.
                    cache = self._cache = {}
                cache[key] = pieces
            result.append(pieces)
        return result
