"""Measures on GUM how often the actors of a text get the right Wikidata item: precision and recall over linked names.

    python tools/measure_identifiers.py ../shared/data/coreference/gum

A mention counts that is a name of at most six words, a place or an organisation, and linked to a Wikipedia article which the tables
of identifiers know by its title; those linked to another article count where they get an item all the same.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import claimtable
from claimtable.nlp.actors.identifiers import identity
from claimtable.nlp.pipeline import annotate
from claimtable.schema import Section

Mention = tuple[int, int, str, str]
"""Start, end, kind, title of the article."""


def read(path: Path) -> tuple[str, list[Mention]]:
    """Return the text of a file, and its linked mentions."""
    text, words, tags, found = "", [], [], []
    opened: list[tuple[str, list[str], int]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newpar") and text:
            text = text.rstrip() + "\n\n"
        cells = line.split("\t")
        if line.startswith("#") or len(cells) < 10 or not cells[0].isdigit():
            continue
        words.append((len(text), len(text) + len(cells[1])))
        tags.append(cells[4])
        text += cells[1] + ("" if "SpaceAfter=No" in cells[9] else " ")
        for part in _parts(cells[9]):
            if part.startswith("("):
                fields = part.strip("()").split("-")
                opened.append((fields[0], fields, len(words) - 1))
            key = part.strip("()").split("-")[0]
            if (
                part.endswith(")")
                and (at := next((k for k in reversed(range(len(opened))) if opened[k][0] == key), None))
                is not None
            ):
                _, fields, first = opened.pop(at)
                title = unquote("-".join(fields[7:])).replace("_", " ")
                named = all(t.startswith(("NNP", "DT", "IN", "CC", "POS", "HYPH")) for t in tags[first:])
                if title and fields[1] in ("place", "organization") and named and len(words) - first <= 6:
                    found.append((words[first][0], words[-1][1], fields[1], title))
    return text, found


def _parts(misc: str) -> Iterator[str]:
    entity = re.search(r"Entity=([^|]*)", misc)
    return iter(re.findall(r"\([^()]+\)?|[^()]+\)", entity[1]) if entity else ())


def _outcome(got: str | None, wanted: str | None) -> str:
    if got:
        return "right" if got == wanted else "wrong"
    return "missed" if wanted else "unknown"


def main() -> None:
    """Print the counts."""
    counts: Counter[str] = Counter()
    nlp = claimtable.load()
    for path in sorted(Path(sys.argv[1]).glob("*.conllu")):
        text, mentions = read(path)
        document = claimtable.Document(id=path.stem, text=text, sections=(Section(0, len(text), "body"),))
        for doc in annotate([document], nlp):
            items = {place: actor.wikidata for actor in doc._.claimtable_actors for place in actor.mentions}
            for start, end, kind, title in mentions:
                gold = identity("GPE" if kind == "place" else "ORG", [title]) or identity("GPE", [title])
                wanted = gold.wikidata if gold else None
                got = next((item for (s, e), item in items.items() if start <= s and e <= end and item), None)
                name = _outcome(got, wanted)
                counts[name] += 1
                if name in ("wrong", "missed"):
                    sys.stdout.write(f"{name}\t{text[start:end]}\t{title}\n")
    right = counts["right"]
    precision, recall = right / (right + counts["wrong"]), right / (right + counts["missed"])
    sys.stderr.write(
        f"{dict(counts)}\nprecision {precision:.3f}, recall {recall:.3f} of what the tables know\n"
    )


if __name__ == "__main__":
    main()
