"""Turn a round of annotated texts into stand-off gold: offsets and values, without a sentence of the texts.

    python tools/make_gold_open.py ROUND_FOLDER annotations/gold-open/round-N

ROUND_FOLDER has a folder for each document, named by its id, with `document.txt`, `claims.jsonl` (with `quote`) and `actors.jsonl`.
The text must be that of `data/texts/open_texts.jsonl` of the shared data.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

TEXTS = "data/texts/open_texts.jsonl"
SEVERAL_NULLS = ("accept_change", "accept_deadline")
"""Lists in which null is an answer of its own."""


def standoff(claim: dict[str, Any], text: str, taken: set[tuple[int, int, str]]) -> dict[str, Any]:
    """Return the claim with offsets in place of its quote; of several places the first that no other claim of this value has."""
    quote, at = claim["quote"], -1
    value = str((claim["kind"], claim.get("value"), claim.get("value_low"), claim.get("section")))
    while (at := text.find(quote, at + 1)) >= 0:
        if (at, at + len(quote), value) not in taken:
            break
    if at < 0:
        at = text.find(quote)
    if at < 0:
        raise SystemExit(f"{claim['id']}: its quote is not in the text")
    taken.add((at, at + len(quote), value))
    out: dict[str, Any] = {"id": claim["id"], "kind": claim["kind"], "start": at, "end": at + len(quote)}
    for key, value in claim.items():
        if key.startswith("accept_") and isinstance(value, list) and key not in SEVERAL_NULLS:
            value = [x for x in value if x is not None]
        if key not in out and key != "quote" and value not in (None, []):
            out[key] = value
    # An unattributed quotation has no speaker; the scorers take that for the author.
    return {"speaker": "author", **out}


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        text = (folder / "document.txt").read_bytes().decode("utf-8")
        out = target / folder.name
        out.mkdir(parents=True, exist_ok=True)
        known = {"file": TEXTS, "id": folder.name, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        (out / "standoff.json").write_text(json.dumps(known) + "\n", encoding="utf-8")
        taken: set[tuple[int, int, str]] = set()
        claims = [
            json.loads(line) for line in (folder / "claims.jsonl").read_text("utf-8").splitlines() if line
        ]
        lines = [json.dumps(standoff(claim, text, taken), ensure_ascii=False) for claim in claims]
        (out / "claims.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (out / "actors.jsonl").write_bytes((folder / "actors.jsonl").read_bytes())


if __name__ == "__main__":
    main()
