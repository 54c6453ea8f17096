"""Tables of lines: what is wrong with a line is said, and every line's example and near miss has a stored parse."""

from __future__ import annotations

import pytest
from tests.stored import parses

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp.lines import cell_ids, lines_of, marked, rule_text, version
from claimtable.nlp.lines.tables import tables_of_lines

HEADER = "id\ttarget\tkinds\tpath\twording\tweight\texample\tnear_miss\tsource"
GOOD = "x.one\tsubject\tshare|money\t^obl >nsubj\tphrase\t2.5\tThe [gap] went to <6> %.\tWent to <6> %.\tnews"


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Returns a function that puts a table of lines in the place of the shipped ones."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(rules.resources, "files", lambda _: tmp_path)
    rules.table.cache_clear()

    def write(*lines: str) -> str:
        (tmp_path / "data" / "odd.tsv").write_text("\n".join([HEADER, *lines]), encoding="utf-8")
        return "odd"

    yield write
    rules.table.cache_clear()


def test_a_line_is_read(table):
    line = lines_of(table(GOOD))["x.one"]
    assert (line.target, line.weight, line.wording) == ("subject", 2.5, "phrase")
    assert line.speaks_for("share") and not line.speaks_for("time")
    assert line.path is not None and line.path.text == "^obl >nsubj"


def test_a_generator_is_named(table):
    name = table(GOOD.replace("^obl >nsubj", "code:series"))
    line = lines_of(name, generators=frozenset(["series"]))["x.one"]
    assert line.path is None and line.generator == "series"
    with pytest.raises(RuleError, match="no generator 'series'"):
        lines_of(name)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2.5", "much", r"odd\.tsv, line 'x\.one': the weight 'much' is no number"),
        ("[gap]", "gap", "marks nothing in"),
        ("<6> %.\tWent", "6 %.\tWent", "one <anchor>"),
        ("Went to <6>", "Went to <6", "closed marks"),
        ("^obl >nsubj", "obl", "no path at"),
    ],
)
def test_what_is_wrong_is_said(table, old, new, message):
    with pytest.raises(RuleError, match=message):
        lines_of(table(GOOD.replace(old, new)))


def test_marks():
    found = marked(r"The [gap] went to <6> % \[1\].")
    assert found.text == "The gap went to 6 % [1]."
    assert [found.text[a:b] for a, b in (found.anchor, *found.expected)] == ["6", "gap"]


def test_the_column_rule_reads_back():
    text = rule_text({"figure": "digits", "subject": "of-clause", "time": None})
    assert text.startswith(
        "figure=digits subject=of-clause time=none speaker=none kind=none deadline=none claims@"
    )
    assert cell_ids(text)["subject"] == "of-clause"
    assert cell_ids("claims@1 quantity.digits") == {} == cell_ids(None)


def test_the_version_is_a_hash():
    assert len(version()) == 8 and int(version(), 16) >= 0


@pytest.mark.parametrize("name", tables_of_lines())
def test_examples_are_stored(name):
    texts = {marked(row[column]).text for row in rules.table(name) for column in ("example", "near_miss")}
    missing = texts - set(parses(name))
    assert not missing, f"run `python tools/store_parses.py {name}`, and commit what it writes"
