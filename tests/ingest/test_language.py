"""What is not in English is refused by name; own tables among the inputs are left out with a word."""

import gzip
import json

import pytest

from claimtable import ingest
from claimtable.errors import IngestError
from claimtable.ingest.jsonl import is_row
from claimtable.ingest.language import FEWEST_LETTERS, foreign_language
from claimtable.schema import Actor, Claim

FOREIGN = {
    "German": "Die Arbeitslosigkeit in Deutschland ist im Mai auf 5,4 Prozent gestiegen, teilte die Bundesagentur mit.",
    "French": "Le taux de chômage a augmenté de 0,3 point en mai pour atteindre 7,4 %, a indiqué l'Insee mardi matin.",
    "Spanish": "La tasa de desempleo subió al 12,3 por ciento en mayo, según informó el instituto de estadística.",
    "Russian": "Уровень безработицы в мае вырос до 4,5 процента, сообщил во вторник Росстат. Число безработных увеличилось.",
    "Chinese": "国家统计局星期二公布，五月份城镇调查失业率上升至百分之五点二，比上月上升零点一个百分点。失业人数增加了一万二千人，"
    "经济学家预计今年经济增长率将达到百分之五左右，出口额将继续下降，而国内消费则有望进一步回升。",
    "Swahili": "Kiwango cha ukosefu wa ajira kilipanda hadi asilimia 5.6 mwezi Mei, shirika la takwimu lilisema Jumanne.",
}
ENGLISH = "Unemployment in Germany rose to 5.4 percent in May, the labour office said on Tuesday."


@pytest.mark.parametrize("name", FOREIGN)
def test_another_language_is_named(name, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(FOREIGN[name])
    with pytest.raises(IngestError, match=rf"a\.txt: it is in {name}, and only English is read"):
        list(ingest.read(path))


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        FOREIGN["German"][: FEWEST_LETTERS - 1],
        "He quoted Schiller: “Die Kunst ist eine Tochter der Freiheit.” That was in the year of the war, she said.",
        "Siemens AG 4.2 3.1\nBayerische Motoren Werke 5.0 2.2\nDeutsche Telekom 1.9 0.4",
        "",
        "12 34 56 " * 50,
    ],
)
def test_english_names_and_quotations_stay(text):
    assert foreign_language(text) is None


def test_what_is_stated_decides(tmp_path):
    lines = [
        {"id": "a", "text": ENGLISH, "language": "de"},
        {"id": "b", "text": FOREIGN["German"], "language": "en-GB"},
        {"id": "c", "text": FOREIGN["German"]},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    errors = []
    assert [d.id for d in ingest.read(path, on_error=errors.append)] == ["b"]
    assert ["German" in str(error) for error in errors] == [True, True]


def test_what_a_page_says_of_itself_does_not(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        f'<html lang="en"><body><article><h1>Titel</h1><p>{FOREIGN["German"]}</p></article></body></html>'
    )
    with pytest.raises(IngestError, match="in German"):
        list(ingest.read(path))
    path.write_text(f'<html lang="de"><body><article><h1>Title</h1><p>{ENGLISH}</p></article></body></html>')
    assert len(list(ingest.read(path))) == 1


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        (Claim(claim_id="c", doc_id="d", text="x").to_dict(), True),
        ({"doc_id": "d", "start": 1, "end": 2, "text": "x", "unit": None}, True),
        ({"doc_id": "d"} | Actor("a", "Kim", "PERSON").to_dict(), True),
        ({"id": "d", "text": "x", "start": 1, "doc_id": "e"}, False),
        ({"text": "x", "start": 1}, False),
        (["doc_id", "start"], False),
    ],
)
def test_rows_that_claimtable_wrote_are_known(row, ours):
    assert is_row(row) is ours


def test_own_tables_in_a_folder_are_left_out_with_a_word(tmp_path):
    row = json.dumps(Claim(claim_id="c", doc_id="d", text=ENGLISH).to_dict())
    (tmp_path / "a.txt").write_text(ENGLISH)
    (tmp_path / "claims.jsonl").write_text(f"{row}\n{row}\n")
    with gzip.open(tmp_path / "more.jsonl.gz", "wt") as file:
        file.write(row)
    (tmp_path / "articles.jsonl").write_text(json.dumps({"text": ENGLISH}))
    words = []
    found = list(ingest.read(tmp_path, on_notice=words.append))
    assert [d.text for d in found] == [ENGLISH, ENGLISH]
    assert [w.partition(":")[0].rpartition("/")[2] for w in words] == ["claims.jsonl", "more.jsonl.gz"]
    assert len(list(ingest.read(tmp_path))) == 2
    with pytest.raises(IngestError, match="line 1: this is a row that claimtable wrote"):
        list(ingest.read(tmp_path / "claims.jsonl"))
