"""A row that does its worst to whatever shows it."""

from dataclasses import replace

from claimtable.schema import Claim

HOSTILE_TEXTS = [
    '=HYPERLINK("http://evil.example","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "]]> --> */ */",
    "bell\x07 null-free \x1b[31mred\x1b[0m",
    "\u202eevil\u202c",
    "w" * 10_000,
    "e" * 40_000,
    "😀" * 20_000,
    "\ud800 lone",
    "{{7*7}} ${7*7} %s %n",
    "https://example.org/" + "p" * 3_000,
    "\ufffe\uffff",
    "a\u2028b\u0085c",
    "_x0041_",
]


def hostile(claim: Claim) -> list[Claim]:
    """Returns a row for each of `HOSTILE_TEXTS`, with it in every free text."""
    names = (
        "text",
        "subject",
        "title",
        "author",
        "speaker",
        "cue",
        "unit",
        "url",
        "note",
        "prefix",
        "suffix",
    )
    return [
        replace(claim, claim_id=f"h{number}", doc_id=f"../{number}/=d", **dict.fromkeys(names, text))
        for number, text in enumerate(HOSTILE_TEXTS)
    ]
