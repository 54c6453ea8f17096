"""The pipeline: which language model, which components in which order, and documents in → records out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from claimtable.errors import ModelError
from claimtable.nlp import extensions
from claimtable.schema import Claim, Document

COMPONENTS = (
    "claimtable_quantities",
    "claimtable_times",
    "claimtable_actors",
    "claimtable_attribution",
    "claimtable_predictions",
    "claimtable_claims",
    "claimtable_check_worthiness",
)
"""The components in the order in which each finds what it requires."""

DEFAULT_MODEL = "en_claimtable"
FAST_MODEL = "en_claimtable_fast"
BATCH_SIZE = 64
"""Documents per `nlp.pipe` batch."""

# White space that the tokenizer would make a token of its own, one code point each, so offsets do not move.
_SPACES = {
    ord(c): " "
    for c in "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
}


def model_path(name: str) -> Path | None:
    """Returns the folder of a shipped pipeline: inside the installed package, or in `models/` of a checkout."""
    installed = Path(str(resources.files("claimtable"))) / "_models" / name
    checkout = Path(__file__).parents[3] / "models" / name
    for path in (installed, checkout):
        if (path / "config.cfg").is_file():
            return path
    return None


def load(model: str | Path | None = None, *, fast: bool = False) -> Language:
    """Loads a language pipeline and adds the claimtable components to it.

    Args:
        model: name of an installed spaCy pipeline or a folder; it must parse with Universal
            Dependencies labels. None takes the shipped one.
        fast: take the shipped CNN pipeline instead of the default one.

    Raises:
        ModelError: no such pipeline, a damaged one, or one without a UD parser.
    """
    name = (
        str(model)
        if model is not None
        else (FAST_MODEL if fast or model_path(DEFAULT_MODEL) is None else DEFAULT_MODEL)
    )
    shipped = model_path(name)
    if model is None and shipped is None:
        raise ModelError(
            f"the language pipeline {name} is not in this installation: reinstall claimtable, or pass --model"
        )
    try:
        nlp = spacy.load(shipped or name)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"the language pipeline {name!r} cannot be loaded ({error}): check the name or path"
        ) from error
    if "parser" not in nlp.pipe_names or "nsubj" not in {str(x) for x in nlp.get_pipe("parser").labels}:  # type: ignore[attr-defined]
        raise ModelError(
            f"the language pipeline {name!r} has no parser with Universal Dependencies labels: choose one that has"
        )
    add_components(nlp)
    return nlp


def add_components(nlp: Language) -> None:
    """Adds the components to a pipeline that has none of them yet."""
    extensions.register()
    nlp.add_pipe("claimtable_line_breaks", first=True)
    for component in COMPONENTS:
        nlp.add_pipe(component)


@lru_cache(maxsize=2)
def shared(model: str | Path | None = None, fast: bool = False) -> Language:
    """Returns a pipeline loaded once per process."""
    return load(model, fast=fast)


def make_doc(nlp: Language, document: Document) -> Doc:
    """Tokenizes a document. `doc.text` equals the document text but for exotic spaces, which become U+0020."""
    extensions.register()
    nlp.max_length = max(nlp.max_length, len(document.text) + 1)
    doc = nlp.make_doc(document.text.translate(_SPACES))
    doc._.claimtable_document = document
    return doc


def annotate(
    documents: Iterable[Document], nlp: Language | None = None, *, batch_size: int = BATCH_SIZE
) -> Iterator[Doc]:
    """Runs the pipeline over documents in batches and yields a `Doc` with all layers for each, in order."""
    nlp = nlp or shared()
    yield from nlp.pipe((make_doc(nlp, document) for document in documents), batch_size=batch_size)


def extract(
    documents: Iterable[Document], nlp: Language | None = None, *, batch_size: int = BATCH_SIZE
) -> Iterator[Claim]:
    """Yields the claims of the documents, document by document, in text order.

    Args:
        documents: any iterable; it is consumed in batches, never whole.
        nlp: a pipeline from `load`; None takes the shared default one.
        batch_size: documents per batch.
    """
    for doc in annotate(documents, nlp, batch_size=batch_size):
        yield from doc._.claimtable_claims
