"""Builds `pipeline/claimtable/rules/data/languages.tsv`: the English name of each language that the detector tells apart.

    python -m venv /tmp/languages
    /tmp/languages/bin/pip install py3langid==0.4.0 babel==2.19.0
    /tmp/languages/bin/python tools/make_languages.py

The codes are those of py3langid (BSD 3-Clause), the names those of Unicode CLDR (Unicode License v3), as Babel has them.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from babel import Locale
from py3langid.langid import MODEL_FILE, LanguageIdentifier

FILE = Path(__file__).parents[1] / "pipeline" / "claimtable" / "rules" / "data" / "languages.tsv"
MORE = {"bcl": "Central Bikol", "pcm": "Nigerian Pidgin", "sco": "Scots"}
"""Names that CLDR lacks."""


def main() -> None:
    """Write the table."""
    english = Locale("en").languages
    codes = sorted(LanguageIdentifier.from_model_file(MODEL_FILE).labels)
    names = {code: MORE.get(code) or english.get(code) or code for code in codes}
    source = f"CLDR (Babel {metadata.version('babel')})"
    lines = [
        "# Languages that py3langid tells apart, with their English names. Made by tools/make_languages.py.",
        "id\tcode\tname\tsource",
        *(f"language-{code}\t{code}\t{name}\t{source}" for code, name in names.items()),
    ]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
