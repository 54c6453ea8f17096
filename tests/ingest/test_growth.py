"""Lines of every kind that a page is taken apart by: twice as many take at most 2.2 times as long.

CLAIMTABLE_GROWTH_CHARS sets how long the texts are.
"""

import os

import pytest
from tests.timing import assert_growth

from claimtable import ingest

CHARS = int(os.environ.get("CLAIMTABLE_GROWTH_CHARS", "10000"))
LINES = {
    "name": "Jane Doe\n",
    "short": "a\n",
    "date": "3 May 2014\n\n",
    "byline": "By Jane Doe\n",
    "speaker": "Sarah says:\nNo.\n",
    "comments": "Comments\n",
    "bullet": "- a\n",
    "figures": "12 5 7\n",
    "button": "Reply\n",
    "quotation": '"No," said Kim.\n',
    "sentence": "Exports rose to 5 million.\n\n",
}
READERS = {"text": ingest.read_text, "html": ingest.read_html, "markdown": ingest.read_markdown}


def made(reader, line, size):
    lines = line.strip("\n").split("\n") * (size // len(line))
    if reader == "html":
        return "".join(f"<p>{one}" for one in lines)
    return "\n".join(lines) + "\n" * (line.endswith("\n\n"))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("reader", READERS)
def test_twice_as_many_lines_take_twice_as_long(reader, line):
    def run(text):
        try:
            READERS[reader](text)
        except ingest.inputs.IngestError:
            assert line != "sentence"

    # Between twice and four times: what is wanted is 2.2, and a busy machine adds to it.
    assert_growth(2.7, lambda size: made(reader, LINES[line], size), run, CHARS, 2 * CHARS)
