import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import make_vocabulary

from claimtable.errors import ModelError
from claimtable.nlp.encoder.wordpiece import (
    MAX_CACHED_TOKENS,
    MAX_TOKEN_PIECES,
    Vocabulary,
    WordpieceTokenizer,
    split_basic,
)

CASES = json.loads(Path(__file__).with_name("wordpiece_cases.json").read_text("utf-8"))
VOCABULARY = make_vocabulary()
TOKENIZER = WordpieceTokenizer(VOCABULARY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_pieces(case):
    assert [VOCABULARY.pieces[index] for index in TOKENIZER.tokenize(case["text"])] == case["pieces"]


@given(st.text(max_size=300))
def test_any_text_has_few_known_ids(text):
    ids = TOKENIZER.tokenize(text)
    assert len(ids) <= MAX_TOKEN_PIECES
    assert all(0 <= index < len(VOCABULARY.pieces) for index in ids)
    assert TOKENIZER.tokenize(text) == ids


@given(st.text(max_size=40))
def test_words_have_neither_space_nor_capitals_of_ascii(text):
    for word in split_basic(text):
        assert word
        assert not any(char.isspace() and char in " \t\n" for char in word)
        assert not any("A" <= char <= "Z" for char in word)


@given(st.lists(st.sampled_from([piece for piece in VOCABULARY.pieces if piece.isalpha()]), max_size=8))
def test_known_words_are_their_own_piece(words):
    assert [VOCABULARY.pieces[i] for word in words for i in TOKENIZER.tokenize(word)] == words


def test_pieces_join_to_the_word():
    for word in ("trades", "trading", "unaffable", "tokenization"):
        joined = "".join(VOCABULARY.pieces[index].removeprefix("##") for index in TOKENIZER.tokenize(word))
        assert joined == word


def test_a_megabyte_without_a_space_is_fast():
    assert len(TOKENIZER.tokenize("-" * 1_000_000)) == MAX_TOKEN_PIECES


def test_cache_gives_the_same_and_is_bounded():
    tokenizer = WordpieceTokenizer(VOCABULARY)
    strings = {1: "trade", 2: "unaffable"}
    first = tokenizer.tokenize_all([1, 2, 1], strings)
    assert first == tokenizer.tokenize_all([1, 2, 1], {})
    tokenizer._cache = dict.fromkeys(range(100, 100 + MAX_CACHED_TOKENS), ())
    assert tokenizer.tokenize_all([1], strings) == first[:1]
    assert len(tokenizer._cache) == 1


def test_vocabulary_text_round_trip():
    assert Vocabulary.from_text(VOCABULARY.to_text()) == VOCABULARY


@pytest.mark.parametrize("pieces", [(), ("[PAD]", "[UNK]", "the")], ids=["empty", "without marks"])
def test_incomplete_vocabulary(pieces):
    with pytest.raises(ModelError, match="vocabulary"):
        Vocabulary(pieces)
