"""Writes the tables of verbs in `rules/data`: `verbs.tsv` (base forms) and `irregular_verbs.tsv` (past forms with their lemmas).

    pip install spacy-lookups-data==1.0.5
    python tools/make_verbs.py

The trained lemmatizers guess by suffix and get some common forms wrong ("rose" → "roose", "accounted" → "accounte").
The sources are the verb index and the verb exception list of spacy-lookups-data (MIT), which come from WordNet's. Irregular
forms with two lemmas ("found", "lay") are left out: there the context decides.
"""

from __future__ import annotations

import gzip
import json
from importlib import metadata, resources
from pathlib import Path

OUTPUT = Path(__file__).parents[1] / "pipeline/claimtable/rules/data"


def read(name: str) -> dict:
    """Return a table of spacy-lookups-data."""
    path = resources.files("spacy_lookups_data").joinpath("data", f"{name}.json.gz")
    return json.loads(gzip.decompress(path.read_bytes()))


def write(name: str, head: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write a table with a comment line and a header."""
    lines = [f"# {head}", "\t".join(columns), *("\t".join(row) for row in rows)]
    (OUTPUT / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Read both lists and write both tables."""
    source = f"spacy-lookups-data {metadata.version('spacy-lookups-data')}"
    base = sorted(verb for verb in read("en_lemma_index")["verb"] if verb.isalpha())
    write(
        "verbs",
        f"Base forms of verbs. Written by tools/make_verbs.py from {source}; MIT, from WordNet.",
        ("id", "verb"),
        [(f"verb.{verb}", verb) for verb in base],
    )
    past: dict[str, list[str]] = read("en_lemma_exc")["verb"]
    write(
        "irregular_verbs",
        "Past forms of verbs that do not follow the rules. Written by tools/make_verbs.py; MIT, from WordNet.",
        ("id", "form", "lemma", "source"),
        [
            (f"irregular.{form}", form, lemmas[0], source)
            for form, lemmas in sorted(past.items())
            if len(lemmas) == 1 and form.isalpha() and not form.endswith(("ing", "s")) and form != lemmas[0]
        ],
    )


if __name__ == "__main__":
    main()
