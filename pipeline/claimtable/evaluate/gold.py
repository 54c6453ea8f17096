"""Gold sets: what there is in a folder or file, by the fields of its lines.

A gold folder holds one article, `document.txt` (or `document.html`, `.md`, ...) with `meta.json`, and
`claims.jsonl`, `actors.jsonl` or both; the folder's name is the document's id. Stand-off gold has `standoff.json` in place of the
document: `file` (a JSONL file of texts below the shared data), `id` there and `sha256` of the text; its claims have `start` and `end`,
half-open offsets in code points, in place of `quote`. Any other `.jsonl` file
is a benchmark: texts with `quantities`, `times`, `attributions`, `entities`, `future` or `check_worthy`; a line may have `file`,
`id` and `sha256` in place of `text`, and `until`, the code point up to which it is annotated.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from claimtable.errors import EvaluateError

ARTICLE_TASKS = ("claims", "actors")
_BENCHMARK_FIELDS = {
    "quantities": "quantities",
    "times": "times",
    "attributions": "attributions",
    "entities": "entities",
    "future": "future",
    "check_worthy": "check-worthiness",
}
LAYER_OF = {
    "claims": "claims",
    "actors": "actors",
    "quantities": "quantities",
    "times": "times",
    "attributions": "attributions",
    "entities": "entities",
    "future": "sentences",
    "check-worthiness": "sentences",
    "check-worthiness-ranking": "sentences",
}
"""The layer that each task scores."""
_METADATA = ("title", "author", "published", "url")
STANDOFF = "standoff.json"
SHARED = "CLAIMTABLE_SHARED"
"""Environment variable that names the folder of the shared data; without it a folder `shared` beside the checkout is taken."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document to extract from: an input file, or the fields of a JSONL document."""

    id: str
    path: Path | None = None
    data: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    """Of an input file what `meta.json` says of it: the keys of a JSONL document, without its text."""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Gold of one task: articles with gold files of the same folder, or one benchmark file."""

    task: str
    name: str
    """The folder or file as given."""
    files: tuple[Path, ...]
    """The gold files; for articles one per document, in the order of `sources`."""
    sources: tuple[Source, ...]
    gold: tuple[tuple[dict[str, Any], ...], ...]
    """For articles the lines of each file; for a benchmark one tuple with all lines."""

    @property
    def layer(self) -> str:
        """The layer that is scored."""
        return LAYER_OF[self.task]

    @property
    def sha256(self) -> str:
        """Hex SHA-256 over the gold files in order, documents of articles included."""
        digest = hashlib.sha256()
        for file, source in zip(self.files, self.sources, strict=False):
            digest.update(file.read_bytes())
            if source.path is not None:
                digest.update(source.path.read_bytes())
        return digest.hexdigest()


def find_gold(paths: Iterable[Path]) -> list[GoldSet]:
    """Return the gold sets below the paths, article sets of one path together.

    Raises:
        EvaluateError: a path does not exist or holds no gold, or a line is malformed.
    """
    sets: list[GoldSet] = []
    for path in paths:
        if path.is_file():
            found = [_benchmark(path)]
        elif path.is_dir():
            found = [*_articles(path), *_benchmarks(path)]
        else:
            raise EvaluateError(f"{path} is not there: name a gold folder or file")
        known = [gold for gold in found if gold is not None]
        if not known:
            raise EvaluateError(
                f"{path} holds no gold: expected document.txt with claims.jsonl or actors.jsonl, "
                f"or .jsonl files with a field {', '.join(_BENCHMARK_FIELDS)}"
            )
        sets += known
    return _merged(sets)


def _merged(sets: list[GoldSet]) -> list[GoldSet]:
    """Join the article sets of several paths, so that totals run over all of them."""
    out = [gold for gold in sets if gold.task not in ARTICLE_TASKS]
    for task in reversed(ARTICLE_TASKS):
        parts = [gold for gold in sets if gold.task == task]
        if parts:
            joined = GoldSet(
                task,
                " ".join(part.name for part in parts) if len(parts) < 4 else f"{len(parts)} folders",
                tuple(file for part in parts for file in part.files),
                tuple(source for part in parts for source in part.sources),
                tuple(lines for part in parts for lines in part.gold),
            )
            out.insert(0, joined)
    return out


def _articles(folder: Path) -> Iterator[GoldSet]:
    below = [f for f in folder.iterdir() if f.is_dir()]
    rounds = [f.parent for f in folder.glob(f"*/*/{STANDOFF}")]
    folders = [folder] if _document(folder) else sorted({*below, *rounds})
    for task in ARTICLE_TASKS:
        parts = [
            (path / f"{task}.jsonl", _source(path)) for path in folders if (path / f"{task}.jsonl").is_file()
        ]
        if parts:
            files = tuple(file for file, _ in parts)
            sources = tuple(source for _, source in parts)
            gold = tuple(tuple(_quoted(_lines(f), f, source)) for f, source in parts)
            yield GoldSet(task, str(folder), files, sources, gold)


def _quoted(lines: Iterable[dict[str, Any]], file: Path, source: Source) -> Iterator[dict[str, Any]]:
    """Yield gold lines, those of stand-off claims with the words that their offsets name as `quote`."""
    for line in lines:
        if "start" not in line or "quote" in line or source.data is None:
            yield line
            continue
        text, start, end = source.data["text"], line["start"], line.get("end")
        if type(start) is not int or type(end) is not int:
            raise EvaluateError(
                f"{file}: start {start!r} and end {end!r} are not two whole numbers: correct the offsets"
            )
        if not 0 <= start < end <= len(text):
            raise EvaluateError(
                f"{file}: {start}..{end} lies outside the text of {source.id}: correct the offsets"
            )
        yield line | {"quote": text[start:end]}


def _document(folder: Path) -> Path | None:
    names = (STANDOFF, *sorted(path.name for path in folder.glob("document.*")))
    return next((folder / name for name in names if (folder / name).is_file()), None)


def shared_folder(beside: Path) -> Path | None:
    """Return the folder of the shared data: what `CLAIMTABLE_SHARED` names, else `shared` beside a folder above `beside`."""
    named = os.environ.get(SHARED)
    places = [Path(named)] if named else [parent.parent / "shared" for parent in beside.resolve().parents]
    return next((place for place in places if place.is_dir()), None)


@cache
def _texts(file: Path) -> dict[str, dict[str, Any]]:
    return {str(line["id"]): line for line in _lines(file)}


def _shared_line(path: Path, known: dict[str, Any]) -> dict[str, Any]:
    """Return the line of the shared data that stand-off gold names, with its text."""
    shared = shared_folder(path)
    file = None if shared is None else shared / str(known.get("file"))
    if file is None or not file.is_file():
        raise EvaluateError(
            f"{path}: its text lies in the shared data, which are not there: set {SHARED} to their folder"
        )
    line = _texts(file).get(str(known.get("id")))
    if line is None or hashlib.sha256(line["text"].encode()).hexdigest() != known.get("sha256"):
        raise EvaluateError(
            f"{path}: {file} has another text of {known.get('id')}, or none: the gold belongs to an earlier one"
        )
    return line


def _standoff(path: Path) -> Source:
    line = _shared_line(path, _object(path.read_bytes(), str(path)))
    id_ = path.resolve().parent.name
    return Source(
        id_, path, {"id": id_, "text": line["text"]} | {k: line[k] for k in _METADATA if line.get(k)}
    )


def _source(folder: Path) -> Source:
    path = _document(folder)
    if path is None:
        raise EvaluateError(f"{folder} has gold but no document: put the article there as document.txt")
    if path.name == STANDOFF:
        return _standoff(path)
    id_ = folder.resolve().name
    meta_path = folder / "meta.json"
    meta = _object(meta_path.read_bytes(), str(meta_path)) if meta_path.is_file() else {}
    known = {k: meta[k] for k in _METADATA if meta.get(k)}
    if path.suffix != ".txt":
        return Source(id_, path, metadata=known)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise EvaluateError(f"{path} is not UTF-8 ({error}): save it as such") from error
    return Source(id_, path, {"id": id_, "text": text} | known)


def _benchmarks(folder: Path) -> Iterator[GoldSet | None]:
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in ARTICLE_TASKS:
            yield _benchmark(path, required=False)


def _benchmark(path: Path, *, required: bool = True) -> GoldSet | None:
    lines = tuple(_with_text(line, path) for line in _lines(path))
    first = lines[0] if lines else {}
    task = next((task for field, task in _BENCHMARK_FIELDS.items() if field in first), None)
    if task is None or not isinstance(first.get("text"), str):
        if required:
            raise EvaluateError(
                f"{path} is no gold file: its lines have no `text`, or none of {', '.join(_BENCHMARK_FIELDS)}"
            )
        return None
    if task == "check-worthiness" and "line" in first:
        task = "check-worthiness-ranking"
    sources = tuple(_line_source(task, number, line) for number, line in enumerate(lines))
    return GoldSet(task, str(path), (path,), sources, (lines,))


def _with_text(line: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return a line of a benchmark, a stand-off one with the text, up to where it is annotated, that it names."""
    if "text" in line or "sha256" not in line:
        return line
    text = _shared_line(path, line)["text"]
    return line | {"text": text[: line.get("until")]}


def _line_source(task: str, number: int, line: dict[str, Any]) -> Source:
    if task == "quantities":
        id_ = str(number)
    elif task == "check-worthiness-ranking":
        id_ = f"{line['document']}:{line['line']}"
    else:
        id_ = str(line.get("id", number))
    return Source(
        id_, None, {"id": id_, "text": line["text"]} | {k: line[k] for k in _METADATA if line.get(k)}
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _object(line, f"{path} line {number}")


def _object(text: bytes, place: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EvaluateError(f"{place} is not JSON ({error}): correct it") from error
    if not isinstance(data, dict):
        raise EvaluateError(f"{place} is no JSON object: correct it")
    return data
