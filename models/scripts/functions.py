"""Functions that the training configs name: the augmenter and the logger.

Passed to ``spacy train --code``. Nothing in here is needed to load a trained
pipeline.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from string import ascii_lowercase
from typing import IO, Any

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.training.augment import make_lowercase_variant, make_whitespace_variant
from spacy.training.loggers import console_logger

Augmenter = Callable[[Language, Example], Iterator[Example]]

WHITESPACE = (" ", "  ", "\n", "\n\n", "\t", "\n \n")
"""What page dumps leave between words, besides the single space."""

DASHES = {"--": ("—", "–"), "-": ("–", "—", "-")}
"""Free-standing hyphens and what newspapers print for them."""

OPEN_CLASSES = ("NN", "VB", "JJ", "RB")
"""How the tags begin whose words become unknown ones too, a fifth as often as names."""

OTHERS_SHARE = 0.2

KEPT_AT_END = 3
"""Letters of an unknown word that stay, for its form says something: the suffix features read as many."""


@util.registry.augmenters("claimtable_models.news_typography.v1")
def create_news_typography_augmenter(
    curly_share: float,
    lower_share: float,
    upper_share: float,
    whitespace_share: float,
    whitespace_per_token: float,
    unknown_words: float,
) -> Augmenter:
    """Give web-text corpora the typography of news pages.

    Every share is the probability, 0 to 1, that one document is changed in that
    way; ``whitespace_per_token`` is the number of whitespace tokens inserted per
    token of a document so chosen (each insertion copies the document, so 0.1 is
    quadratic on long ones); ``unknown_words`` is the probability that a name becomes a
    word that nobody knows (see ``with_unknown_words``). Documents keep their token boundaries and
    annotations. One augmented document replaces the original.
    """
    return partial(
        augment_typography,
        curly_share=curly_share,
        lower_share=lower_share,
        upper_share=upper_share,
        whitespace_share=whitespace_share,
        whitespace_per_token=whitespace_per_token,
        unknown_words=unknown_words,
    )


def augment_typography(
    nlp: Language,
    example: Example,
    *,
    curly_share: float,
    lower_share: float,
    upper_share: float,
    whitespace_share: float,
    whitespace_per_token: float,
    unknown_words: float,
) -> Iterator[Example]:
    """Yield one example, changed with the probabilities given."""
    if unknown_words:
        example = with_unknown_words(nlp, example, unknown_words)
    if random.random() < curly_share:
        example = with_words(nlp, example, curly_words(example.reference))
    case = random.random()
    if case < lower_share:
        example = make_lowercase_variant(nlp, example)
    elif case < lower_share + upper_share:
        example = with_words(nlp, example, [t.text.upper() for t in example.reference])
    if random.random() < whitespace_share:
        for _ in range(int(len(example.reference) * whitespace_per_token)):
            position = random.randrange(len(example.reference))
            example = make_whitespace_variant(nlp, example, random.choice(WHITESPACE), position)
    yield example


def with_unknown_words(nlp: Language, example: Example, share: float) -> Example:
    """Return the example with other letters in the middle of that share of its names, and of a few other words.

    Nearly every word of the training texts has a vector, so that without these the model hardly sees one that has
    none: then it overlooked two of three such names in EWT. Were names alone changed, it would take every unknown
    word for a name.
    """
    words = [token.text for token in example.reference]
    lemmas = [token.lemma_ for token in example.reference]
    for token in example.reference:
        if random.random() >= share * unknown_share(token.tag_):
            continue
        made = unknown_word(token.text)
        kept = max(0, len(token.text) - KEPT_AT_END)
        # The lemma changes with the word, where it begins as the word does.
        if token.lemma_[:kept] == token.text[:kept]:
            words[token.i], lemmas[token.i] = made, made[:kept] + token.lemma_[kept:]
    if all(word == token.text for word, token in zip(words, example.reference, strict=True)):
        return example
    return with_words(nlp, example, words, lemmas)


def unknown_share(tag: str) -> float:
    """Return how often a word with this tag becomes one that nobody knows, against a name."""
    if tag == "NNP":
        return 1.0
    return OTHERS_SHARE if tag.startswith(OPEN_CLASSES) else 0.0


def unknown_word(word: str) -> str:
    """Return the word with its first and last three letters, case and length; itself where that leaves nothing to change."""
    if not word.isalpha():
        return word
    middle = word[1:-KEPT_AT_END]
    letters = [random.choice(ascii_lowercase) for _ in middle]
    made = "".join(a.upper() if b.isupper() else a for a, b in zip(letters, middle, strict=True))
    return word[:1] + made + word[1 + len(middle) :]


def with_words(nlp: Language, example: Example, words: list[str], lemmas: list[str] | None = None) -> Example:
    """Return the same annotations over other words, one for each token; with ``lemmas``, other lemmas too."""
    example_dict = example.to_dict()
    example_dict["token_annotation"]["ORTH"] = words
    if lemmas:
        example_dict["token_annotation"]["LEMMA"] = lemmas
    spaces = [bool(token.whitespace_) for token in example.reference]
    doc = nlp.make_doc(Doc(nlp.vocab, words=words, spaces=spaces).text)
    return Example.from_dict(doc, example_dict)


def curly_words(doc: Doc) -> list[str]:
    """Return the words of a document with typographic quotes, apostrophes and dashes.

    A quotation mark opens after whitespace or an opening bracket, otherwise it
    closes; an apostrophe inside a word is a closing single quote.
    """
    words = []
    opens = True
    for token in doc:
        word = token.text
        if word in ('"', "``", "''"):
            word = "“" if opens else "”"
        elif word in ("'", "`"):
            word = "‘" if opens else "’"
        elif word in DASHES and token.whitespace_ and (token.i == 0 or doc[token.i - 1].whitespace_):
            word = random.choice(DASHES[word])
        else:
            word = word.replace("'", "’")
        words.append(word)
        opens = bool(token.whitespace_) or token.text in ("(", "[", "{", "-", "--", '"', "'", "``")
    return words


@util.registry.callbacks("claimtable_models.resume_lemmatizer.v1")
def create_resume_lemmatizer() -> Callable[[Language], Language]:
    """Let a loaded edit-tree lemmatizer go on training.

    spaCy (3.8) does not restore the map from edit trees to labels on loading, so
    that in training every lemma would count as label 0.
    """

    def resume_lemmatizer(nlp: Language) -> Language:
        lemmatizer = nlp.get_pipe("trainable_lemmatizer")
        lemmatizer.tree2label = {tree: label for label, tree in enumerate(lemmatizer.cfg["labels"])}
        return nlp

    return resume_lemmatizer


@util.registry.loggers("claimtable_models.jsonl.v1")
def create_jsonl_logger(path: Path | None) -> Callable[..., Any]:
    """Print spaCy's table and keep each evaluation as a line of JSON in ``path``.

    A line has ``seconds`` (wall clock since the start of training), ``step``,
    ``epoch``, ``score`` (weighted), ``losses`` (since the last line) and the
    scalar ``scores`` of the development set, 0 to 1.
    """
    setup_console = console_logger(progress_bar=False)

    def setup_logger(
        nlp: Language, stdout: IO[str] = sys.stdout, stderr: IO[str] = sys.stderr
    ) -> tuple[Callable[[dict[str, Any] | None], None], Callable[[], None]]:
        log_console, finalize_console = setup_console(nlp, stdout, stderr)
        if path:
            Path(path).write_text("", encoding="utf8")
        start = time.monotonic()

        def log_step(info: dict[str, Any] | None) -> None:
            log_console(info)
            if path is None or info is None:
                return
            line = {
                "seconds": round(time.monotonic() - start),
                "step": info["step"],
                "epoch": info["epoch"],
                "score": round(float(info["score"]), 4),
                "losses": {name: round(float(loss), 1) for name, loss in info["losses"].items()},
                "scores": {
                    name: round(float(value), 4)
                    for name, value in info["other_scores"].items()
                    if isinstance(value, float)
                },
            }
            with Path(path).open("a", encoding="utf8") as stream:
                stream.write(json.dumps(line) + "\n")

        return log_step, finalize_console

    return setup_logger
