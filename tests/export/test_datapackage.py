"""The data package holds up against the package that others check theirs with."""

import csv
import io
import json
from dataclasses import replace
from zipfile import ZipFile

import pytest
from hostile import hostile

from claimtable.errors import ExportError
from claimtable.export.datapackage import csvw, descriptor, write_datapackage
from claimtable.schema import COLUMNS, Claim


def written(path, rows):
    assert write_datapackage((row.to_dict() for row in rows), path) == len(rows)
    return path


def test_it_is_valid(claim, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    rows = [
        claim,
        Claim(claim_id="c2", text="x", doc_id="d"),
        replace(claim, value=None, value_low=1.0),
        *hostile(claim),
    ]
    path = written(tmp_path / "claims.zip", rows)
    report = frictionless.Package(str(path)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    assert report.tasks[0].stats["rows"] == len(rows)


def test_a_wrong_cell_is_found(claim, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    path = written(tmp_path / "claims.zip", [replace(claim, status="perhaps", confidence=7.0)])
    report = frictionless.Package(str(path)).validate()
    assert {row[0] for row in report.flatten(["fieldName"])} == {"status", "confidence"}


def test_both_descriptions_tell_of_every_column(claim, tmp_path):
    with ZipFile(written(tmp_path / "claims.zip", [claim])) as archive:
        assert archive.namelist() == ["claims.csv", "datapackage.json", "claims.csv-metadata.json"]
        head = next(csv.reader(io.TextIOWrapper(archive.open("claims.csv"), "utf-8")))
        package = json.loads(archive.read("datapackage.json"))
        web = json.loads(archive.read("claims.csv-metadata.json"))
    names = [column.name for column in COLUMNS]
    (resource,) = package["resources"]
    assert head == names == [field["name"] for field in resource["schema"]["fields"]]
    assert names == [column["name"] for column in web["tableSchema"]["columns"]]
    assert web["url"] == resource["path"] == "claims.csv"
    assert all(x["description"] for x in descriptor()["resources"][0]["schema"]["fields"])
    assert {x["name"]: x.get("datatype") for x in csvw()["tableSchema"]["columns"]}["deadline"] == "date"


def test_what_is_there_stays(claim, tmp_path):
    path = tmp_path / "claims.zip"
    path.write_text("precious")
    with pytest.raises(ExportError):
        write_datapackage([claim.to_dict()], path)
    assert path.read_text() == "precious"
