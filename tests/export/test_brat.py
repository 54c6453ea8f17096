from dataclasses import replace
from zipfile import ZipFile

from hostile import hostile

from claimtable.export.brat import standoff, write_brat
from claimtable.schema import Document

TEXT = "Trade will\r\nreach $1 billion. 😀 It fell."


def test_offsets_are_code_points_and_never_cross_a_line(claim):
    rows = [
        replace(claim, text=TEXT[:29], start=0, end=29).to_dict(),
        replace(claim, kind="quantitative", text="It fell.", start=32, end=40).to_dict(),
    ]
    lines = [line.split("\t") for line in "".join(standoff(TEXT, rows)).splitlines()]
    spans = [line for line in lines if line[0].startswith("T")]
    assert spans == [
        ["T1", "prediction 0 10;12 29", "Trade will reach $1 billion."],
        ["T2", "quantitative 32 40", "It fell."],
    ]
    for _, where, words in spans:
        fragments = [tuple(map(int, f.split())) for f in where.partition(" ")[2].split(";")]
        assert " ".join(TEXT[a:b] for a, b in fragments) == words


def test_the_archive_has_a_pair_of_files_per_document(claim, tmp_path):
    path = tmp_path / "b.zip"
    documents = [Document("a/b", TEXT), Document("a:b", TEXT), Document("../../etc", TEXT)]
    row = replace(claim, text="It fell.", start=32, end=40, verdict="mixed").to_dict()
    assert write_brat(((d, [row]) for d in documents), path) == 3
    with ZipFile(path) as archive:
        names = archive.namelist()
        assert names == [
            "annotation.conf",
            "a_b.txt",
            "a_b.ann",
            "a_b-2.txt",
            "a_b-2.ann",
            "etc.txt",
            "etc.ann",
        ]
        assert archive.read("a_b.txt").decode() == TEXT
        assert "A2\tVerdict T1 mixed\n" in archive.read("a_b.ann").decode()


def test_hostile_rows_keep_one_line_each(claim):
    for row in hostile(claim):
        data = replace(row, start=0, end=len(row.text)).to_dict()
        lines = "".join(standoff(row.text, [data])).split("\n")
        assert [line[:1] for line in lines if line] == ["T", "A", "#"]
