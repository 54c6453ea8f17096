"""Writes `rules/data/irregular_verbs.tsv`: past forms of irregular English verbs with their lemmas.

    pip install spacy-lookups-data==1.0.5
    python tools/make_irregular_verbs.py

The trained lemmatizers guess by suffix and get some common irregular forms wrong ("rose" → "roose"). The source
is the verb exception list of spacy-lookups-data (MIT), which comes from WordNet's. Forms with two lemmas
("found", "lay") are left out: there the context decides.
"""

from __future__ import annotations

import gzip
import json
from importlib import metadata, resources
from pathlib import Path

OUTPUT = Path(__file__).parents[1] / "pipeline/claimtable/rules/data/irregular_verbs.tsv"


def main() -> None:
    """Reads the exception list and writes the table."""
    version = metadata.version("spacy-lookups-data")
    path = resources.files("spacy_lookups_data").joinpath("data", "en_lemma_exc.json.gz")
    verbs: dict[str, list[str]] = json.loads(gzip.decompress(path.read_bytes()))["verb"]
    source = f"spacy-lookups-data {version}"
    rows = [
        f"irregular.{form}\t{form}\t{lemmas[0]}\t{source}"
        for form, lemmas in sorted(verbs.items())
        if len(lemmas) == 1 and form.isalpha() and not form.endswith(("ing", "s")) and form != lemmas[0]
    ]
    head = "# Past forms of verbs that do not follow the rules. Written by tools/make_irregular_verbs.py; MIT, from WordNet.\n"
    OUTPUT.write_text(head + "id\tform\tlemma\tsource\n" + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
