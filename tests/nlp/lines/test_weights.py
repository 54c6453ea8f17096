"""The file of learned weights: what is written is read back, and what is no such file is refused with the line."""

from __future__ import annotations

import pytest

from claimtable.errors import RuleError
from claimtable.nlp.lines import Weights, parse_weights, read_weights, rule_text, weights_text

LEARNED = Weights({"of-noun": 0.5, "clause": 0.0001}, {"same clause": -0.25}, {"always": 0.125})


def test_what_is_written_is_read_back():
    text = weights_text(LEARNED, ["from 200 rows"])
    assert text.startswith("# claimtable weights 1\n# from 200 rows\ntarget\tname\tadd\n")
    assert parse_weights(text, "f") == Weights({"of-noun": 0.5}, {"same clause": -0.25}, {"always": 0.125})
    assert parse_weights(weights_text(Weights()), "f").is_empty


def test_the_column_rule_says_which_weights_were_used():
    assert Weights().tag == "" and len(LEARNED.tag) == 4
    assert rule_text({}, LEARNED.tag) == f"{rule_text({})}+{LEARNED.tag}"
    assert LEARNED.tag != Weights({"of-noun": 0.6}).tag


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "does not begin with"),
        ("# claimtable weights 2\ntarget\tname\tadd\n", "does not begin with"),
        ("# claimtable weights 1\n", "no header"),
        ("# claimtable weights 1\ntarget\tname\tadd\nsubject line\tof-noun\tmuch\n", "line 3"),
        ("# claimtable weights 1\ntarget\tname\tadd\nsubject line\tof-noun\tnan\n", "line 3"),
        ("# claimtable weights 1\ntarget\tname\tadd\nspeaker\tof-noun\t1\n", "line 3"),
        ("# claimtable weights 1\ntarget\tname\tadd\n\nsubject line\t1\n", "line 4"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path, text, reason):
    path = tmp_path / "weights.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=reason) as caught:
        read_weights(path)
    assert "weights.tsv" in str(caught.value) and "claimtable learn" in str(caught.value)


def test_a_file_that_is_not_there_and_one_of_bytes_are_refused(tmp_path):
    with pytest.raises(RuleError, match="cannot be read"):
        read_weights(tmp_path / "none.tsv")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(RuleError, match="not UTF-8"):
        read_weights(tmp_path / "bytes")
