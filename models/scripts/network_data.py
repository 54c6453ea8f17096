"""Training data of the network: chunks of whole sentences with what each corpus annotates, the rest masked.

A chunk has up to `MAX_WORDS` words of one document. White-space tokens are left out: at run time they hang on the word before
them. What a corpus does not annotate is `MASKED`, and costs nothing in the loss.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import spacy
from encoder_augment import LOWER_SHARE, TYPOGRAPHIC_SHARE, UPPER_SHARE, make_typographic
from spacy.tokens import Doc, DocBin, Span

MASKED = -100
MAX_WORDS = 90
MAX_PIECES = 126
MIN_LEMMA_RULES = 2
"""Times that an edit of a form into its lemma must occur to be a label."""
TREEBANKS = ("ewt_parse_ner", "gum_open_parse_ner")
ENTITY_CORPORA = (
    "ner_wikigold",
    "ner_crossner",
    "ner_gmb_part_train",
    "ner_re3d_open_train",
    "ner_redocred_devtest",
)


@dataclass(slots=True)
class Sentence:
    """One sentence, or one piece of a document without sentences. `heads` are word indices in it, -1 the root."""

    words: list[str]
    spaces: list[bool]
    tags: list[str] | None = None
    morphs: list[str] | None = None
    lemmas: list[str] | None = None
    heads: list[int] | None = None
    deps: list[str] | None = None
    entities: list[str] | None = None
    check_worthy: float | None = None
    check_set: int = 0
    """Which set labelled it: sets differ in how strict they are."""
    future: float | None = None
    starts_known: bool = True


@dataclass(slots=True)
class Attribution:
    """One attribution as word indices into its chunk. `content` is None where it reaches out of the chunk or is in pieces."""

    head: int
    source: tuple[int, int] | None
    cue: tuple[int, int]
    content: list[tuple[int, int]] | None
    source_known: bool = True


@dataclass(slots=True)
class Chunk:
    sentences: list[Sentence] = field(default_factory=list)
    attributions: list[Attribution] | None = None
    """None where nobody annotated any."""
    word: list[bool] | None = None
    """Which tokens are words, not marks: spans are made of words."""

    @property
    def length(self) -> int:
        return sum(len(s.words) for s in self.sentences)


def lemma_rule(form: str, lemma: str) -> str:
    """Return the edit from a lower-case form to its lemma: letters cut, a slash, letters added."""
    form = form.lower()
    lemma = lemma.lower()
    k = 0
    while k < min(len(form), len(lemma)) and form[k] == lemma[k]:
        k += 1
    return f"{len(form) - k}/{lemma[k:]}"


def _sentence(span: Span, *, parsed: bool) -> Sentence | None:
    tokens = [t for t in span if not t.is_space]
    if not tokens:
        return None
    place = {t.i: k for k, t in enumerate(tokens)}
    s = Sentence([t.text for t in tokens], [bool(t.whitespace_) for t in tokens], starts_known=parsed)
    if parsed:
        heads = [-1 if t.head.i == t.i else place.get(t.head.i, -2) for t in tokens]
        if -2 not in heads and heads.count(-1) == 1:
            s.heads, s.deps = heads, [t.dep_ for t in tokens]
        s.tags = [t.tag_ for t in tokens]
        s.morphs = [f"{t.pos_}|{t.morph}" for t in tokens]
        s.lemmas = [lemma_rule(t.text, t.lemma_) for t in tokens]
    s.entities = bilou([(t.ent_iob_, t.ent_type_) for t in tokens])
    return s


def bilou(marks: Sequence[tuple[str, str]]) -> list[str]:
    """Return BILOU labels of (IOB, type) pairs."""
    out = []
    for k, (iob, label) in enumerate(marks):
        if iob not in ("B", "I") or not label:
            out.append("O")
            continue
        goes_on = k + 1 < len(marks) and marks[k + 1][0] == "I"
        begins = iob == "B" or k == 0 or marks[k - 1][0] not in ("B", "I")
        out.append(f"{('B' if goes_on else 'U') if begins else ('I' if goes_on else 'L')}-{label}")
    return out


def read_corpus(path: Path, *, parsed: bool) -> list[list[Sentence]]:
    """Return the documents of a DocBin, each a list of sentences (one without sentences is cut at its end marks)."""
    vocab = spacy.blank("en").vocab
    out = []
    for doc in DocBin().from_disk(path).get_docs(vocab):
        spans = list(doc.sents) if parsed else list(_pieces(doc))
        sentences = [s for s in (_sentence(x, parsed=parsed) for x in spans) if s is not None]
        if not doc.has_annotation("ENT_IOB"):
            for s in sentences:
                s.entities = None
        out.append(sentences)
    return out


def _pieces(doc: Doc) -> Iterator[Span]:
    start = 0
    for t in doc:
        full = t.i + 1 - start >= MAX_WORDS
        if (t.text in ".!?" or full) and not (t.i + 1 < len(doc) and doc[t.i + 1].ent_iob_ == "I"):
            yield doc[start : t.i + 1]
            start = t.i + 1
    if start < len(doc):
        yield doc[start:]


def chunks_of(document: Sequence[Sentence], rng: random.Random) -> Iterator[Chunk]:
    """Yield chunks of neighbouring sentences; their sizes vary, as windows do at run time."""
    chunk, size = Chunk(), rng.choice((30, 60, MAX_WORDS, MAX_WORDS))
    for s in document:
        if chunk.sentences and chunk.length + len(s.words) > size:
            yield chunk
            chunk, size = Chunk(), rng.choice((30, 60, MAX_WORDS, MAX_WORDS))
        chunk.sentences.append(s)
    if chunk.sentences:
        yield chunk


def augmented(sentence: Sentence, rng: random.Random, typographic: bool, case: float) -> list[str]:
    """Return the words of a sentence in a variant: curly quotes, lower case, capitals."""
    words = make_typographic(sentence.words, sentence.spaces) if typographic else sentence.words
    if case < LOWER_SHARE:
        return [w.lower() for w in words]
    if case < LOWER_SHARE + UPPER_SHARE:
        return [w.upper() for w in words]
    return words


def variant(chunk: Chunk, rng: random.Random) -> list[list[str]]:
    typographic, case = rng.random() < TYPOGRAPHIC_SHARE, rng.random()
    return [augmented(s, rng, typographic, case) for s in chunk.sentences]


def plain(nlp: spacy.language.Language, text: str) -> Sentence:
    """Return a sentence of raw text with nothing annotated."""
    tokens = [t for t in nlp.make_doc(text.strip()) if not t.is_space][:MAX_WORDS]
    return Sentence([t.text for t in tokens], [bool(t.whitespace_) for t in tokens])


def clean(text: str) -> str:
    """Undo the doubled quotation marks of CheckThat! 2024."""
    if text.startswith('"') and text.endswith('"') and len(text) > 2:
        text = text[1:-1]
    return text.replace('""', '"')


def read_check_worthy(folder: Path) -> dict[str, list[tuple[str, Sentence]]]:
    """Return the sets of check-worthiness, each a list of (group, sentence); a group is a debate, or stands for one."""
    nlp = spacy.blank("en")
    out: dict[str, list[tuple[str, Sentence]]] = {}

    def read(name: str) -> list[dict]:
        return [json.loads(line) for line in (folder / name).open(encoding="utf8")]

    rows = [
        (r["id"], clean(r["text"]), float(r["check_worthy"]))
        for n in ("train", "dev", "dev-test")
        for r in read(f"checkthat2024_{n}.jsonl")
    ]
    # The ids follow the debates in time; a thousand of them make a group.
    out["checkthat2024"] = [(f"c{int(i) // 1000}", r, y) for i, r, y in rows]  # type: ignore[misc]
    out["claimbuster"] = [
        (f"b{int(r['sentence_id']) // 1000}", r["text"], float(r["label"] == 1))
        for r in read("claimbuster_train.jsonl")
    ]  # type: ignore[misc]
    out["clef2019"] = [
        (r["document"], r["text"], float(r["check_worthy"])) for r in read("clef2019_training.jsonl")
    ]  # type: ignore[misc]
    for k, name in enumerate(("checkthat2024", "claimbuster", "clef2019")):
        made = []
        for group, text, label in out[name]:  # type: ignore[misc]
            s = plain(nlp, text)
            if s.words:
                s.check_worthy, s.check_set = label, k
                made.append((group, s))
        out[name] = made
    return out


def read_future(path: Path) -> list[Sentence]:
    nlp = spacy.blank("en")
    out = []
    for line in path.open(encoding="utf8"):
        row = json.loads(line)
        s = plain(nlp, row["text"])
        if s.words:
            s.future = float(row["future"])
            out.append(s)
    return out


def read_attributions(folder: Path, cache: Path, part: str = "train") -> list[list[Chunk]]:
    """Return the chunks of PolNeAR's articles, parsed once with the shipped pipeline for sentence borders and cue heads."""
    from train_attribution import Article, parse, read, runs

    rows = read(folder / f"polnear_{part}.jsonl")
    out = []
    for row, doc in zip(rows, parse(rows, "en_claimtable", cache, part), strict=True):
        out.append(list(_attribution_chunks(Article(row, doc), runs)))
    return out


def _attribution_chunks(article: Any, runs: Any) -> Iterator[Chunk]:
    doc, layout = article.doc, article.layout
    spans = [s for s in doc.sents if any(not t.is_space for t in s)]
    start = 0
    while start < len(spans):
        end, size = start, 0
        while end < len(spans) and (end == start or size + len(spans[end]) <= MAX_WORDS + 10):
            size += len(spans[end])
            end += 1
        tokens = [t for s in spans[start:end] for t in s if not t.is_space][: MAX_WORDS + 30]
        sentences = [x for x in (_sentence(s, parsed=False) for s in spans[start:end]) if x is not None]
        for x in sentences:
            x.entities = None
        words = [layout.word[t.i] for t in tokens]
        rank = {}
        for t, is_word in zip(tokens, words, strict=True):
            if is_word:
                rank[t.i] = len(rank)
        found = []
        for head, (source, cue, content) in article.gold.items():
            if head not in rank:
                continue
            inside = [rank[i] for i in content if i in rank]
            pieces = runs(inside)
            whole = len(inside) == len(content) and len(pieces) <= 2
            own = [rank[i] for i in cue if i in rank] + [rank[head]]
            sources = [rank[i] for i in source if i in rank]
            found.append(
                Attribution(
                    rank[head],
                    (min(sources), max(sources)) if sources else None,
                    (min(own), max(own)),
                    pieces if whole else None,
                    source_known=len(sources) == len(source),
                )
            )
        yield Chunk(sentences, found, words)
        start = end


def labels(documents: Sequence[Sequence[Sentence]]) -> dict[str, list[str]]:
    """Return the labels of each head, sorted."""
    counts = {k: Counter() for k in ("tags", "morphs", "lemmas", "deps", "entities")}
    for document in documents:
        for s in document:
            for k, counter in counts.items():
                counter.update(getattr(s, k) or ())
    counts["lemmas"] = Counter({k: n for k, n in counts["lemmas"].items() if n >= MIN_LEMMA_RULES})
    return {k: sorted(counter) for k, counter in counts.items()}
