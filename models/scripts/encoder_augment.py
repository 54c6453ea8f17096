"""Variants of a training document: typographic quotes and dashes, case, white space.

Each variant keeps the annotation, shifted where a white-space token comes in.
"""

import random
from typing import Any

from spacy.tokens import Doc

TYPOGRAPHIC_SHARE = 0.3
"""Of the documents; the treebanks have straight quotes almost only, news sites have curly ones."""
LOWER_SHARE = 0.04
UPPER_SHARE = 0.03
"""Of the documents: tables and headlines in capitals. The encoder is uncased, so only the shape features notice."""
WHITE_SPACE_SHARE = 0.12
"""Of the documents: line breaks after some of their sentences, and seldom within one."""

APOSTROPHES = {
    "'s": "’s",
    "n't": "n’t",
    "'re": "’re",
    "'ve": "’ve",
    "'ll": "’ll",
    "'d": "’d",
    "'m": "’m",
    "'": "’",
}
DASHES = {"--": "—", "-": "–", "---": "—"}


def make_typographic(words: list[str], spaces: list[bool]) -> list[str]:
    """Make quotes curly and dashes longer; a straight quote opens where a space or nothing stands before it."""
    result: list[str] = []
    for index, word in enumerate(words):
        before = index == 0 or spaces[index - 1] or words[index - 1] in "([“"
        if word == '"':
            word = "“" if before and not (index + 1 == len(words) or spaces[index]) else "”"
        elif word == "'":
            word = "‘" if before and not (index + 1 == len(words) or spaces[index]) else "’"
        elif word in APOSTROPHES:
            word = APOSTROPHES[word]
        elif word in DASHES and (len(word) > 1 or (before and spaces[index])):
            word = DASHES[word]
        result.append(word)
    return result


def augment(doc: Doc, rng: random.Random, *, white_space: float = WHITE_SPACE_SHARE) -> Doc:
    """Return a variant of `doc`, or `doc` itself; `white_space` is the probability of inserted line breaks."""
    typographic = rng.random() < TYPOGRAPHIC_SHARE
    case = rng.random()
    spaced = rng.random() < white_space
    if not typographic and not spaced and case >= LOWER_SHARE + UPPER_SHARE:
        return doc
    words = [token.text for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    if typographic:
        words = make_typographic(words, spaces)
    if case < LOWER_SHARE:
        words = [word.lower() for word in words]
    elif case < LOWER_SHARE + UPPER_SHARE:
        words = [word.upper() for word in words]
    breaks = choose_breaks(doc, rng) if spaced else {}
    return rebuild(doc, words, spaces, breaks)


def choose_breaks(doc: Doc, rng: random.Random) -> dict[int, str]:
    """Return token index after which white space is inserted, and which; never inside an entity."""
    result: dict[int, str] = {}
    parsed = doc.has_annotation("SENT_START")
    for token in doc[:-1]:
        following = doc[token.i + 1]
        if following.ent_iob_ == "I" or token.is_space or following.is_space:
            continue
        ends = following.is_sent_start if parsed else token.text in ".!?"
        if rng.random() < (0.3 if ends else 0.004):
            result[token.i] = (
                rng.choice(("\n", "\n\n", "\n\n", " ", "  ")) if ends else rng.choice(("\n", " "))
            )
    return result


def rebuild(doc: Doc, words: list[str], spaces: list[bool], breaks: dict[int, str]) -> Doc:
    """Return a document with these words and `doc`'s annotation; white space hangs on the token before it, as in spaCy."""
    place: dict[int, int] = {}
    shift = 0
    for index in range(len(words)):
        place[index] = index + shift
        shift += index in breaks
    new: dict[str, list[Any]] = {
        name: [] for name in ("words", "spaces", "tags", "pos", "morphs", "lemmas", "ents")
    }
    heads: list[int] = []
    deps: list[str] = []
    starts: list[bool | None] = []
    parsed = doc.has_annotation("DEP")
    tagged = doc.has_annotation("TAG")
    for token in doc:
        iob = token.ent_iob_
        text = breaks.get(token.i)
        new["words"].append(words[token.i])
        # A space between the word and the break would be part of the break's token.
        new["spaces"].append(spaces[token.i] and (text is None or text.strip("\n") != ""))
        new["tags"].append(token.tag_)
        new["pos"].append(token.pos_)
        new["morphs"].append(str(token.morph))
        new["lemmas"].append(token.lemma_)
        new["ents"].append(f"{iob}-{token.ent_type_}" if iob in ("B", "I") else iob)
        heads.append(place[token.head.i] if parsed else place[token.i])
        deps.append(token.dep_)
        starts.append(token.is_sent_start)
        if text is not None:
            new["words"].append(text)
            new["spaces"].append(False)
            new["tags"].append("_SP" if tagged else "")
            new["pos"].append("SPACE" if tagged else "")
            new["morphs"].append("")
            new["lemmas"].append(text if tagged else "")
            new["ents"].append("O" if iob else "")
            heads.append(place[token.i])
            deps.append("dep" if parsed else "")
            starts.append(False if parsed else None)
    if not tagged:
        for name in ("tags", "pos", "morphs", "lemmas"):
            del new[name]
    return Doc(doc.vocab, **new, heads=heads if parsed else None, deps=deps if parsed else None)
