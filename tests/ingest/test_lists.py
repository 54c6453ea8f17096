"""Lines of a list that count things are no furniture, whether or not a full stop ends them."""

from __future__ import annotations

import pytest

from claimtable.ingest import read_text

REPORT = (
    "Civil Division\nIn 2024, the division handled the following:\n{}\n\n"
    "The division went on to serve as counsel to the county, and gave guidance across a range of matters."
)
ITEMS = [
    "175 legal claims processed\n530 contracts reviewed and managed\n104 subpoenas responded to",
    "1,041 responses to requests for records.\n301 responses to applications for relief.\n226 briefs filed.",
    "- 4,100 visits by schools\n- 12 readings for children\n- 40% of them by authors",
    "$40,000 in grants for readings\n€3,200 from the sale of books",
]


@pytest.mark.parametrize("items", ITEMS, ids=["without stops", "responses", "bullets", "money"])
def test_counted_items_are_body(items):
    text = REPORT.format(items)
    document = read_text(text)
    for item in items.split("\n"):
        section = document.section_at(text.index(item) + 2)
        assert section is not None and section.role == "body", item


def test_what_counts_reactions_is_furniture():
    text = (
        "Port handles more ships\nThe port handled 40 more ships in the year, the authority said on Monday in a statement.\n\n"
        "12 shares\n\n3 comments"
    )
    document = read_text(text)
    assert document.section_at(text.index("12 shares")) is None
    assert document.section_at(text.index("3 comments")) is None
