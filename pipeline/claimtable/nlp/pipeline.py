"""The pipeline: which language model, which components in which order, and documents in → records out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import get_package_path, is_package, load_meta

from claimtable.errors import ClaimTableError, DocumentTimeout, ModelError
from claimtable.limits import TIME_LIMIT, limited
from claimtable.nlp import corrections, extensions
from claimtable.nlp.check_worthiness.states import attach
from claimtable.nlp.encoder.architecture import PROBED
from claimtable.nlp.lines import Weights, read_weights
from claimtable.nlp.matrices import fitting_products
from claimtable.nlp.restoring import restore
from claimtable.nlp.tokenizer import EMPTY, bound_runs, split_citations
from claimtable.reading import Reading, read
from claimtable.schema import Claim, Document

CLAIMS = "claimtable_claims"
COMPONENTS = (
    corrections.NAME,
    "claimtable_quantities",
    "claimtable_times",
    "claimtable_actors",
    "claimtable_attribution",
    "claimtable_predictions",
    CLAIMS,
    "claimtable_check_worthiness",
)
"""The components in the order in which each finds what it requires."""

DEFAULT_MODEL = "en_claimtable"
FAST_MODEL = "en_claimtable_fast"
BATCH_CHARS = 60_000
"""Code points that are parsed at a time, about ten thousand words. On 45 short articles (190,000 code points, default pipeline) batches
of 15,000, 60,000 and 240,000 took 9.7, 9.7 and 10.4 s of processor time and 50, 180 and 520 MB beside the loaded pipeline."""

MAX_CHARS = 1_000_000
"""Longest document in code points: a long book. Longer "documents" are data files or broken pages."""


def model_path(name: str) -> Path | None:
    """Return the folder of a shipped pipeline: inside the installed package, or in `models/` of a checkout."""
    installed = Path(str(resources.files("claimtable"))) / "_models" / name
    checkout = Path(__file__).parents[3] / "models" / name
    for path in (installed, checkout):
        if (path / "config.cfg").is_file():
            return path
    return None


def load(
    model: str | Path | None = None,
    *,
    fast: bool = False,
    components: Sequence[str] = COMPONENTS,
    weights: str | Path | None = None,
) -> Language:
    """Load a language pipeline and add the claimtable components to it.

    Args:
        model: name of an installed spaCy pipeline or a folder; it must parse with Universal
            Dependencies labels. None takes the shipped one.
        fast: take the shipped CNN pipeline instead of the default one.
        components: the components to add, some of `COMPONENTS`; each finds what those before it left.
        weights: a file that `claimtable learn` made of reviews; None: the weights of the package alone.

    Warns:
        UserWarning: onnxruntime is missing, so the CNN pipeline stands in for the default one.

    Raises:
        ModelError: no such pipeline, a damaged one, or one without a UD parser; or no such component.
        RuleError: `weights` is no such file.
    """
    unknown = set(components) - set(COMPONENTS)
    if unknown:
        raise ModelError(
            f"there is no component {', '.join(sorted(unknown))}: give some of {', '.join(COMPONENTS)}"
        )
    learned = read_weights(weights) if weights is not None else None
    name = str(model) if model is not None else FAST_MODEL if fast else _default()
    shipped = model_path(name)
    if model is None and shipped is None:
        raise ModelError(
            f"the language pipeline {name} is not in this installation: reinstall claimtable, or pass --model"
        )
    try:
        with fitting_products():
            nlp = _load_shipped(shipped) if shipped else spacy.load(name)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"the language pipeline {name!r} cannot be loaded ({error}): check the name or path"
        ) from error
    if not any("nsubj" in map(str, labels) for labels in nlp.pipe_labels.values()):
        raise ModelError(
            f"the language pipeline {name!r} has no parser with Universal Dependencies labels: choose one that has"
        )
    add_components(nlp, components)
    if learned is not None and CLAIMS in components:
        take_weights(nlp, learned)
    return nlp


def take_weights(nlp: Language, weights: Weights) -> None:
    """Lay what reviews taught over the weights of the tables; empty ones: take the tables' alone."""
    nlp.get_pipe(CLAIMS).weights = weights  # type: ignore[attr-defined]


def _load_shipped(path: Path) -> Language:
    """Load a pipeline that has its tokenizer's rules with it."""
    nlp = spacy.load(path, config={"nlp": {"tokenizer": {"@tokenizers": EMPTY}}})
    # Saved again, it is to load without this package.
    nlp.config["nlp"]["tokenizer"]["@tokenizers"] = "spacy.Tokenizer.v1"
    return nlp


def versioned_name(model: str | Path | None = None, *, fast: bool = False) -> str:
    """Return name and version of the pipeline that `load` would load, such as `en_claimtable@0.2.0`, without loading it.

    Raises:
        ModelError: there is no such pipeline.
    """
    name = str(model) if model is not None else FAST_MODEL if fast else _default()
    try:
        path = model_path(name) or (get_package_path(name) if is_package(name) else Path(name))
        meta = load_meta(path / "meta.json")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"there is no language pipeline {name!r} ({error}): check the name or path"
        ) from error
    return f"{meta['lang']}_{meta['name']}@{meta['version']}"


def load_words_only(component: str) -> Language:
    """Return a pipeline of a tokenizer and one component that can do without a parse; it reads no trained model."""
    nlp = tokenizer_only()
    nlp.add_pipe(component)
    return nlp


def tokenizer_only() -> Language:
    """Return a pipeline of the tokenizer alone: the same that the trained ones have."""
    nlp = spacy.blank("en")
    extensions.register()
    bound_runs(nlp)
    split_citations(nlp)
    return nlp


def _default() -> str:
    """Return the name of the default pipeline, or of the CNN one where the default cannot run."""
    if model_path(DEFAULT_MODEL) is None:
        return FAST_MODEL
    if find_spec("onnxruntime") is None:
        warnings.warn(
            f"onnxruntime is not installed, so {FAST_MODEL} takes the place of {DEFAULT_MODEL}: names and subjects "
            "will be right less often. Install onnxruntime, or ask for the fast pipeline to silence this.",
            stacklevel=3,
        )
        return FAST_MODEL
    return DEFAULT_MODEL


def add_components(nlp: Language, components: Sequence[str] = COMPONENTS) -> None:
    """Add components, in the order of `COMPONENTS`, to a pipeline that has none of them yet."""
    extensions.register()
    bound_runs(nlp)
    split_citations(nlp)
    nlp.add_pipe("claimtable_line_breaks", first=True)
    for component in COMPONENTS:
        if component in components:
            nlp.add_pipe(component)
    if COMPONENTS[-1] in components:
        attach(nlp)


@lru_cache(maxsize=2)
def shared(model: str | Path | None = None, fast: bool = False) -> Language:
    """Return a pipeline loaded once per process."""
    return load(model, fast=fast)


def make_doc(nlp: Language, document: Document) -> Doc:
    """Tokenize a document. `doc.text` equals the document text but for exotic spaces, which become U+0020."""
    extensions.register()
    nlp.max_length = max(nlp.max_length, len(document.text) + 1)
    doc = nlp.make_doc(extensions.spaced(document.text))
    doc._.claimtable_document = document
    return doc


def annotate(
    documents: Iterable[Document],
    nlp: Language | None = None,
    *,
    batch_chars: int = BATCH_CHARS,
    time_limit: float | None = TIME_LIMIT,
    on_error: Callable[[ClaimTableError], None] | None = None,
    keep: bool = True,
) -> Iterator[Doc]:
    """Run the pipeline over documents in batches and yield a `Doc` with all layers for each, in order.

    Args:
        documents: any iterable; it is consumed in batches, never whole.
        nlp: a pipeline from `load`; None takes the shared default one.
        batch_chars: code points per batch, which bounds the memory that the language pipeline takes. A
            longer document is parsed in pieces, cut at paragraph borders, and put together again.
        time_limit: seconds that one document may take; None or 0 sets no limit.
        on_error: called for a document that is too long, or takes too long, which is then left out; None raises.
        keep: every `Doc` stays good. False: each only until the next is asked for, and with its batch the pipeline
            forgets the words that it met there, which it would keep otherwise: for long runs, and when nothing else
            uses the pipeline meanwhile.

    Raises:
        ClaimTableError: a document is longer than `MAX_CHARS`, or `DocumentTimeout`, and there is no `on_error`.
    """
    nlp = nlp or shared()
    memory = nullcontext if keep else nlp.memory_zone
    batch: list[Reading] = []
    size = 0
    for document in documents:
        length = len(document.text)
        if length > MAX_CHARS:
            error = ClaimTableError(
                f"{document.source or document.id}: {length:,} characters are more than the {MAX_CHARS:,} that one document may have: "
                "split it into several documents, at chapters, say"
            )
            if on_error is None:
                raise error
            on_error(error)
            continue
        if batch and size + length > batch_chars:
            with memory():
                yield from _annotate_batch(nlp, batch, batch_chars, time_limit, on_error)
            batch, size = [], 0
        batch.append(read(document))
        size += length
    if batch:
        with memory():
            yield from _annotate_batch(nlp, batch, batch_chars, time_limit, on_error)


def _annotate_batch(
    nlp: Language,
    batch: list[Reading],
    batch_chars: int,
    seconds: float | None,
    on_error: Callable[[ClaimTableError], None] | None,
) -> Iterator[Doc]:
    left = batch
    if len(batch) > 1:
        docs = nlp.pipe((make_doc(nlp, reading.document) for reading in batch), batch_size=len(batch))
        try:
            while (doc := limited(seconds, "the batch", next, docs, None)) is not None:
                # Those in which a component failed are passed over.
                k = next(k for k, x in enumerate(left) if x.document is doc._.claimtable_document)
                yield restore(doc, left[k])
                left = left[k + 1 :]
            return
        except DocumentTimeout:
            pass  # Which of the documents it was shows when each has the time for itself.
    for reading in left:
        document = reading.document
        annotated = _annotate_long if len(document.text) > batch_chars else _annotate_one
        try:
            found = limited(seconds, document.source or document.id, annotated, nlp, document, batch_chars)
        except DocumentTimeout as error:
            if on_error is None:
                raise
            on_error(error)
            continue
        yield from (restore(doc, reading) for doc in found)


def _annotate_one(nlp: Language, document: Document, _batch_chars: int) -> list[Doc]:
    return list(nlp.pipe([make_doc(nlp, document)]))


def _annotate_long(nlp: Language, document: Document, batch_chars: int) -> list[Doc]:
    """Parse the pieces one after the other and run the components, which see the whole, on what they make together."""
    extensions.register()
    components = [name for name in nlp.pipe_names if name in COMPONENTS]
    parsed = [
        doc
        for piece in _pieces(extensions.spaced(document.text), batch_chars)
        for doc in nlp.pipe([nlp.make_doc(piece)], disable=components)
    ]
    # What a component of somebody else's pipeline keeps on the `Doc` of a piece cannot be put together, and nothing here reads it.
    doc = Doc.from_docs(parsed, ensure_whitespace=False, exclude=["user_data"])  # type: ignore[call-arg]  # spaCy's stub lacks it
    states = [x.user_data[PROBED] for x in parsed if PROBED in x.user_data]
    if len(states) == len(parsed):
        doc.user_data[PROBED] = np.concatenate(states)
    doc._.claimtable_document = document
    for name in components:
        component = nlp.get_pipe(name)
        try:
            doc = component(doc)
        except Exception as error:  # noqa: BLE001 - as `nlp.pipe` does: the pipeline's handler decides
            nlp.default_error_handler(name, component, [doc], error)  # type: ignore[no-untyped-call]
            return []
    return [doc]


def _pieces(text: str, size: int) -> Iterator[str]:
    """Yield the text in pieces of at most `size` code points, cut after a paragraph, line, sentence or word."""
    start = 0
    while len(text) - start > size:
        window = text[start : start + size]
        cut = next(
            (k + len(mark) for mark in ("\n\n", "\n", ". ", " ") if (k := window.rfind(mark)) > 0), size
        )
        yield text[start : start + cut]
        start += cut
    yield text[start:]


def extract(
    documents: Iterable[Document],
    nlp: Language | None = None,
    *,
    batch_chars: int = BATCH_CHARS,
    time_limit: float | None = TIME_LIMIT,
    on_error: Callable[[ClaimTableError], None] | None = None,
) -> Iterator[Claim]:
    """Yield the claims of the documents, document by document, in text order. The arguments are those of `annotate`."""
    for doc in annotate(documents, nlp, batch_chars=batch_chars, time_limit=time_limit, on_error=on_error):
        yield from doc._.claimtable_claims
