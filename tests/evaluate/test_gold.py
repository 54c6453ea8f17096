import hashlib
import json
from datetime import date

import pytest

from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.errors import EvaluateError
from claimtable.evaluate.gold import find_gold


@pytest.fixture
def article(tmp_path):
    folder = tmp_path / "gold" / "one"
    folder.mkdir(parents=True)
    (folder / "document.txt").write_text("Exports rose to 5.\n")
    (folder / "meta.json").write_text('{"title": "T", "published": "2014-04-15", "note": "x"}')
    (folder / "claims.jsonl").write_text('{"kind": "quantitative", "quote": "Exports rose to 5"}\n')
    return folder


@pytest.mark.parametrize("up", [0, 1])
def test_an_article_folder_or_the_folder_above(article, up):
    (gold,) = find_gold([article if not up else article.parent])
    assert (gold.task, gold.layer) == ("claims", "claims")
    (source,) = gold.sources
    assert source.data == {
        "id": "one",
        "text": "Exports rose to 5.\n",
        "title": "T",
        "published": "2014-04-15",
    }


def test_several_folders_are_one_set(article):
    other = article.parent / "two"
    other.mkdir()
    for name in ("document.txt", "claims.jsonl"):
        (other / name).write_bytes((article / name).read_bytes())
    (other / "actors.jsonl").write_text('{"name": "A", "type": "ORG", "aliases": []}\n')
    sets = find_gold([article, other])
    assert [(gold.task, [s.id for s in gold.sources]) for gold in sets] == [
        ("claims", ["one", "two"]),
        ("actors", ["two"]),
    ]


@pytest.mark.parametrize(
    ("line", "task", "id_"),
    [
        ({"text": "x", "quantities": []}, "quantities", "0"),
        ({"id": 7, "text": "x", "times": []}, "times", "7"),
        ({"id": "p", "text": "x", "attributions": []}, "attributions", "p"),
        ({"id": "p", "text": "x", "entities": []}, "entities", "p"),
        ({"text": "x", "future": 1}, "future", "0"),
        ({"id": "9", "text": "x", "check_worthy": 1}, "check-worthiness", "9"),
        ({"document": "d", "line": 3, "text": "x", "check_worthy": 1}, "check-worthiness-ranking", "d:3"),
    ],
)
def test_benchmarks_are_known_by_their_fields(tmp_path, line, task, id_):
    path = tmp_path / "b.jsonl"
    path.write_text(json.dumps(line) + "\n")
    (gold,) = find_gold([path])
    assert (gold.task, gold.sources[0].id) == (task, id_)


def test_the_hash_changes_with_gold_and_document(article):
    before = find_gold([article])[0].sha256
    assert find_gold([article.parent])[0].sha256 == before
    (article / "document.txt").write_text("Exports rose to 6.\n")
    after = find_gold([article])[0].sha256
    assert after != before
    (article / "claims.jsonl").write_text('{"kind": "prediction", "quote": "Exports"}\n')
    assert find_gold([article])[0].sha256 not in (before, after)


def test_what_is_wrong_is_named(article, tmp_path):
    with pytest.raises(EvaluateError, match="missing is not there"):
        find_gold([tmp_path / "missing"])
    with pytest.raises(EvaluateError, match="holds no gold"):
        find_gold([tmp_path])
    (article / "claims.jsonl").write_text('{"kind": "quantitative"}\n{\n')
    with pytest.raises(EvaluateError, match=r"claims.jsonl line 2 is not JSON"):
        find_gold([article])
    other = tmp_path / "x.jsonl"
    other.write_text('{"text": "x"}\n')
    with pytest.raises(EvaluateError, match="is no gold file"):
        find_gold([other])


@pytest.mark.parametrize("name", ["document.txt", "claims.jsonl", "meta.json"])
def test_what_is_not_utf8_is_named(article, name):
    (article / name).write_bytes(b'{"a": "caf\xe9"}')
    with pytest.raises(EvaluateError, match=name):
        find_gold([article])


def test_json_that_is_nested_without_end_is_named(article):
    (article / "claims.jsonl").write_text("[" * 100_000)
    with pytest.raises(EvaluateError, match=r"claims\.jsonl line 1"):
        find_gold([article])


def test_what_is_known_of_a_page_stands_beside_it(article):
    (article / "document.txt").rename(article / "document.md")
    (gold,) = find_gold([article])
    (source,) = gold.sources
    (document,) = read_sources([source], Run())
    assert (document.id, document.title, document.published) == ("one", "T", date(2014, 4, 15))


def test_a_date_that_is_none_is_named(article):
    (article / "document.txt").rename(article / "document.md")
    (article / "meta.json").write_text('{"published": "in May"}')
    (gold,) = find_gold([article])
    with pytest.raises(EvaluateError, match=r"document\.md: `published` in its meta\.json"):
        list(read_sources(gold.sources, Run()))


@pytest.fixture
def standoff(tmp_path, monkeypatch):
    """A shared text, and a folder of gold that points into it."""
    text = "Before. Exports rose to 5. Exports rose to 5.\n"
    texts = tmp_path / "elsewhere" / "data" / "texts.jsonl"
    texts.parent.mkdir(parents=True)
    texts.write_text(json.dumps({"id": "one", "text": text, "published": "2014-04-15"}) + "\n")
    monkeypatch.setenv("CLAIMTABLE_SHARED", str(tmp_path / "elsewhere"))
    folder = tmp_path / "gold" / "round-1" / "one"
    folder.mkdir(parents=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "standoff.json").write_text(
        json.dumps({"file": "data/texts.jsonl", "id": "one", "sha256": digest})
    )
    (folder / "claims.jsonl").write_text('{"kind": "quantitative", "start": 8, "end": 25}\n')
    return folder


def test_standoff_gold_is_quoted_from_the_shared_text(standoff):
    (gold,) = find_gold([standoff.parents[1]])
    expected = {"kind": "quantitative", "quote": "Exports rose to 5", "start": 8, "end": 25}
    assert gold.gold == ((expected,),)
    assert gold.sources[0].data["published"] == "2014-04-15"
    assert [d.id for d in read_sources(gold.sources, Run())] == ["one"]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("claims.jsonl", '{"kind": "quantitative", "start": 8, "end": 99}\n', "outside the text"),
        ("claims.jsonl", '{"kind": "quantitative", "start": 8}\n', "not two whole numbers"),
        ("claims.jsonl", '{"kind": "quantitative", "start": 8, "end": "9"}\n', "not two whole numbers"),
        (
            "standoff.json",
            '{"file": "data/texts.jsonl", "id": "one", "sha256": "0"}',
            "belongs to an earlier one",
        ),
        (
            "standoff.json",
            '{"file": "data/texts.jsonl", "id": "two", "sha256": "0"}',
            "belongs to an earlier one",
        ),
        ("standoff.json", '{"file": "data/none.jsonl", "id": "one"}', "CLAIMTABLE_SHARED"),
    ],
)
def test_standoff_gold_that_does_not_fit_is_refused(standoff, file, content, message):
    (standoff / file).write_text(content)
    with pytest.raises(EvaluateError, match=message):
        find_gold([standoff])


def test_a_benchmark_may_stand_off(standoff):
    known = json.loads((standoff / "standoff.json").read_text())
    lines = standoff.parent / "times.jsonl"
    lines.write_text(json.dumps(known | {"until": 4, "times": []}) + "\n")
    (gold,) = find_gold([lines])
    assert gold.task == "times"
    assert gold.sources[0].data is not None
    assert len(gold.sources[0].data["text"]) == 4
