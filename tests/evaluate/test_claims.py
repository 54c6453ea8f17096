import pytest

from claimtable.evaluate.claims import GoldClaim, is_right, match, score_article

TEXT = "Exports rose to $14 million in 2008.\nNobody will  come, she said."
GOLD = GoldClaim(
    kind="quantitative", quote="Exports rose to $14 million", subject="exports", value=14e6, unit="USD",
    bound="=", change="up", time_start="2008-01-01", time_end="2008-12-31", speaker="author",
)  # fmt: skip
ROW = {
    "kind": "quantitative",
    "text": "Exports rose to $14 million in 2008",
    "subject": "the exports",
    "value": 14e6,
    "unit": "USD",
    "bound": "=",
    "change": "up",
    "time_start": "2008-01-01",
    "time_end": "2008-12-31",
    "speaker": None,
    "polarity": "affirmed",
}


def scored(gold, rows):
    return score_article("d", TEXT, gold, rows)


def test_a_right_row_is_complete():
    score = scored([GOLD], [ROW])
    assert score.figures()["complete"] == 100.0
    assert score.mistakes == []


@pytest.mark.parametrize(
    ("attribute", "change"),
    [
        ("unit", {"unit": "EUR"}),
        ("bound", {"bound": "~"}),
        ("change", {"change": None}),
        ("time", {"time_end": None}),
        ("subject", {"subject": "imports of coal"}),
        ("speaker", {"speaker": "Gerard Clare"}),
        ("polarity", {"polarity": "negated"}),
    ],
)
def test_a_wrong_attribute_is_named(attribute, change):
    score = scored([GOLD], [ROW | change])
    (mistake,) = score.mistakes
    assert (mistake.kind, mistake.attribute) == ("wrong", attribute)
    assert mistake.context == "Exports rose to $14 million in 2008."
    assert score.counts["all"].f1 == 100.0
    assert score.counts["complete"].f1 == 0.0


def test_each_row_answers_one_gold_claim():
    other = GoldClaim(kind="quantitative", quote=GOLD.quote, subject="imports", value=2.0)
    matching = match(TEXT, [GOLD, other], [ROW, ROW | {"value": 15e6}])
    assert [row is not None for _, row in matching.pairs] == [True, False]
    assert [row["value"] for row in matching.spurious] == [15e6]


def test_another_value_is_another_claim():
    score = scored([GOLD], [ROW | {"value": 15e6}])
    assert [m.kind for m in score.mistakes] == ["missed", "spurious"]


def test_an_optional_claim_is_neither_hit_nor_mistake():
    optional = GoldClaim(kind="prediction", quote="Nobody will come", optional=True)
    row = {"kind": "prediction", "text": "Nobody will  come"}
    for rows in ([ROW], [ROW, row]):
        score = scored([GOLD, optional], rows)
        assert score.counts["all"].to_dict() == {
            "p": 100,
            "r": 100,
            "f1": 100,
            "hits": 1,
            "extracted": 1,
            "gold": 1,
        }
        assert score.mistakes == []


def test_a_second_row_for_one_claim_is_spurious():
    assert [m.kind for m in scored([GOLD], [ROW, ROW]).mistakes] == ["spurious"]


@pytest.mark.parametrize(
    ("gold", "row", "right"),
    [
        ("author", {"speaker": None}, True),
        ("author", {"speaker": "Jane Doe", "speaker_type": "author"}, True),
        ("Jane Doe", {"speaker": "Doe"}, True),
        ("Doe", {"speaker": "Jane Doe"}, True),
        ("Jane Doe", {"speaker": "Jane Roe"}, False),
        ("Jane Doe", {"speaker": None}, False),
    ],
)
def test_speakers(gold, row, right):
    assert is_right("speaker", GoldClaim(kind="", quote="", speaker=gold), row) is right


def test_what_is_said_twice_is_told_apart_by_its_offsets():
    text = " Exports  rose to 5.\n\nExports rose to 5."
    second = text.rindex("Exports")
    gold = GoldClaim(
        kind="quantitative",
        quote="Exports rose to 5",
        subject="Exports",
        value=5,
        start=second,
        end=second + 17,
    )
    row = {"kind": "quantitative", "text": "Exports rose to 5", "subject": "Exports", "value": 5.0}
    here, there = (
        row | {"start": second, "end": second + 17},
        row | {"start": 1, "end": 19, "text": text[1:19]},
    )
    assert match(text, [gold], [there, here]).pairs == ((gold, here),)
    assert match(text, [gold], [there]).pairs == ((gold, there),), "what is said twice may be answered once"
    assert match(text, [gold], [row]).pairs == ((gold, row),), "words alone are the first of their like"
