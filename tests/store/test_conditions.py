"""Conditions of users: what is one finds its rows, what is none is refused, and nothing but the claims is read."""

import pytest

from claimtable.errors import StoreError
from claimtable.store import Extraction, conditions

GOOD = [
    *("1", "1=1 -- all", "1 /* all */", "kind = 'prediction'", "subject LIKE '%)%' OR 1", "text IS NOT \"it's\" OR 1"),
    *("(1) AND ((1))", "claim_id IN (SELECT claim_id FROM claims)", "length(text) > 0 AND lower(kind) = 'prediction'"),
    *("value > 1e3 OR value IS NULL", "deadline < '2099-01-01' OR [text] IS NOT NULL OR `kind` = ';'", "1 -- it's (all"),
    *("EXISTS (SELECT 1 FROM claims AS c WHERE c.doc_id = claims.doc_id)", "text GLOB '[a-z]*' OR 1"),
    "claim_id IN (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5) SELECT claim_id FROM claims, n)",
]  # fmt: skip
BAD = {
    "1) UNION SELECT * FROM claims WHERE (1": "bracket",
    "1)) OR ((1": "bracket",
    "((1)": "bracket",
    "1) --": "bracket",
    "1) /*": "bracket",
    "1 /*": "a comment is not closed",
    "1) UNION SELECT doc_id, text, 1 FROM documents /*": "bracket",
    "'": "quotation mark",
    '"': "quotation mark",
    "`": "quotation mark",
    "[": "bracket",
    "1; DROP TABLE documents": "more than one statement",
    "1;": "more than one statement",
    "": "empty",
    "  \n": "empty",
    "-- nothing": "cannot find the claims",
    "kind = = 1": "syntax",
    "nothing_of_the_kind = 1": "no such column",
    "json_extract('{', '$') = 1": "malformed JSON",
    "json_extract(text, '$.a') = 1": "malformed JSON",
    "1 = (SELECT count(text) FROM document_versions)": "may not read document_versions",
    "1 = (SELECT count(*) FROM annotations)": "may not read annotations",
    "1 IN (SELECT value FROM json_each('[1]'))": "may not",
    "claim_id IN (SELECT claim_id FROM claim_rows)": "may not read claim_rows",
    "EXISTS (SELECT text FROM documents)": "may not read document",
    "EXISTS (SELECT 1 FROM sqlite_master)": "may not read sqlite_master",
    "1 IN (SELECT name FROM pragma_database_list)": "cannot find the claims",
    "claim_id IN (SELECT key FROM settings)": "cannot find the claims",
    "1 IN (SELECT reviewer FROM reviews_history)": "may not read",
    "EXISTS (SELECT 1 FROM claims_fts)": "may not",
    "load_extension('/tmp/x.so')": "cannot find the claims",
    "readfile('/etc/passwd') IS NULL": "cannot find the claims",
    "writefile('/tmp/x', 'a')": "cannot find the claims",
    "hex(zeroblob(900000000)) = 1": "too big",
    "randomblob(900000000) = 1": "too big",
    "claim_id IN (DELETE FROM claim_rows RETURNING claim_id)": "syntax",
    "text MATCH 'a'": "cannot find the claims",
    "text REGEXP 'a'": "cannot find the claims",
    "?": "cannot find the claims",
    ":a": "cannot find the claims",
    "value = 1 ORDER BY 1": "cannot find the claims",
    "1 LIMIT 1": "cannot find the claims",
    "(" * 2000 + "1" + ")" * 2000: "cannot find the claims",
    "\ud800 = 1": "surrogate",
    "text = '\x00'": "cannot find the claims",
    "RAISE(ABORT, 'x')": "cannot find the claims",
}


@pytest.fixture
def filled(store, document, claim_of):
    claim = claim_of(document, document.text[:20], claim_id="c1", kind="prediction")
    store.add_document(document)
    store.save_extraction(document, Extraction((claim,)), pipeline="test")
    return store


@pytest.mark.parametrize("condition", GOOD)
def test_a_condition_finds_its_rows(filled, condition):
    assert [claim.claim_id for claim in filled.claims(where=condition)] == ["c1"]


@pytest.mark.parametrize("condition", BAD, ids=lambda condition: ascii(condition[:40]))
def test_what_is_no_condition_is_refused_in_words(filled, condition):
    with pytest.raises(StoreError, match=r"claims\.db: ") as raised:
        list(filled.claims(where=condition))
    assert BAD[condition] in str(raised.value)
    assert "damaged" not in str(raised.value)
    assert "sqlite3" not in str(raised.value)
    assert len(list(filled.claims())) == 1


def test_an_endless_condition_is_stopped(filled, monkeypatch):
    monkeypatch.setattr(conditions, "MAX_SECONDS", 0.3)
    endless = "1 IN (WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)"
    with pytest.raises(StoreError, match=r"longer than 0\.3 seconds"):
        list(filled.claims(where=endless))
