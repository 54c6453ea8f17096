"""Bytes of the file that were changed: refused in words, or the rows are those that were there."""

import random
import sqlite3

import pytest

from claimtable.errors import StoreError
from claimtable.schema import Document, Section
from claimtable.store import Extraction, Store

FLIPS = 400


@pytest.fixture(scope="module")
def data(tmp_path_factory, claim_of):
    path = tmp_path_factory.mktemp("whole") / "claims.db"
    with Store.open(path) as store, store.transaction():
        for k in range(60):
            text = " ".join(f"Exports of {k * 10 + j} rose to {j} million dollars." for j in range(6))
            document = Document(f"d{k:02}", text, title=f"T{k}", sections=(Section(0, len(text), "body"),))
            claims = [
                claim_of(
                    document,
                    f"Exports of {k * 10 + j} rose",
                    claim_id=f"c{k}-{j}",
                    value=float(j),
                    unit="USD",
                )
                for j in range(6)
            ]
            store.add_document(document)
            store.save_extraction(document, Extraction(tuple(claims)), pipeline="t")
    return path.read_bytes()


def test_flipped_bytes_never_give_other_rows(data, path):
    chance = random.Random(6)

    def read(changed):
        path.write_bytes(changed)
        with Store.open(path, create=False, read_only=True) as store:
            return [claim.to_dict() for claim in store.verify().claims()]

    whole = read(data)
    refused = 0
    for _ in range(FLIPS):
        changed = bytearray(data)
        place = chance.randrange(len(data))
        for k in range(place, min(place + chance.choice((1, 1, 4, 32)), len(data))):
            changed[k] ^= chance.randrange(1, 256)
        try:
            rows = read(changed)
        except StoreError as error:
            assert "claims.db" in str(error)
            refused += 1
            continue
        # What a cell says may have changed, which no structure tells; never which rows there are.
        assert [(row["doc_id"], row["claim_id"]) for row in rows] == [
            (row["doc_id"], row["claim_id"]) for row in whole
        ]
    assert refused > FLIPS // 20


@pytest.mark.parametrize("value", ["x", "2013-13-99"])
def test_a_value_that_no_row_can_have_is_damage(data, path, value):
    path.write_bytes(data)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE claim_rows SET deadline = ? WHERE claim_id = 'c3-3'", (value,))
    with Store.open(path, read_only=True) as store, pytest.raises(StoreError, match="the file is damaged"):
        list(store.claims())
