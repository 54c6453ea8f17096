"""Files that cannot be opened or written, and schemas that do not fit: an error that says what to do."""

import os
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from claimtable.errors import StoreError
from claimtable.schema import COLUMNS
from claimtable.store import Store, database


@contextmanager
def unprivileged():
    """Root may write anywhere: the block runs as nobody."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_not_a_database(path):
    path.write_bytes(b"This is no database, however long it may be. " * 100)
    with pytest.raises(StoreError, match=r"claims\.db: this is no SQLite file.*--db"):
        Store.open(path)


def test_a_database_that_another_process_makes_meanwhile(path, monkeypatch):
    """It appears between the two questions whether the file is empty and whether it is ours."""
    read, asked = database.Database.one, []

    def one(self, sql, values=()):
        answer = read(self, sql, values)
        asked.append(sql)
        if len(asked) == 1:
            Store.open(path).close()
        return answer

    monkeypatch.setattr(database.Database, "one", one)
    with Store.open(path) as store:
        assert store.status().documents == 0
    assert len(asked) > 2


def test_a_database_of_something_else(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE cookies (name)")
    with pytest.raises(StoreError, match=r"claims\.db is a database, but not one of claimtable"):
        Store.open(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("cookies",)]


def test_a_newer_schema(path):
    Store.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO migrations VALUES ('9999_from_the_future', '2099-01-01')")
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"newer claimtable .*9999_from_the_future.*update claimtable"):
            Store.open(path, read_only=read_only)


def test_a_folder_and_a_missing_folder(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)
    with pytest.raises(StoreError, match="no folder"):
        Store.open(tmp_path / "nowhere" / "claims.db")


def test_a_missing_file_is_not_made(path):
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(StoreError, match="no such database"):
            Store.open(path, **options)
    assert not path.exists()


@pytest.mark.parametrize("read_only", [True, False])
def test_an_empty_file_is_not_filled_by_what_only_reads_or_goes_on(path, read_only):
    path.touch()
    with pytest.raises(StoreError, match="is empty: fill it with claimtable ingest"):
        Store.open(path, create=False, read_only=read_only)
    assert path.stat().st_size == 0


def test_locked_by_another_process(path, document, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with Store.open(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"claims\.db: another process is writing"):
            store.add_document(document)
        assert list(store.documents()) == [], "reading goes on"
        other.execute("ROLLBACK")
        other.close()
        assert store.add_document(document).kind == "added"


def test_a_read_only_folder(document):
    # Not in `tmp_path`, which lies in a folder that is its owner's alone.
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "claims.db"
        with Store.open(path) as store:
            store.add_document(document)
        path.chmod(0o444)
        folder.chmod(0o555)
        with unprivileged():
            with Store.open(path, read_only=True) as store:
                assert list(store.documents()) == [document]
                assert store.status().documents == 1
            with pytest.raises(StoreError, match=r"claims\.db: .*permissions"):
                Store.open(path)
        folder.chmod(0o755)


def test_a_failing_migration_leaves_nothing(path, monkeypatch):
    known = database.migrations()
    broken = {**known, "0099_broken": "CREATE TABLE half (a) STRICT;\nnonsense;\n"}
    Store.open(path).close()
    monkeypatch.setattr(database, "migrations", lambda: broken)
    with pytest.raises(StoreError, match=r"claims\.db"):
        Store.open(path)
    monkeypatch.setattr(database, "migrations", lambda: known)
    with Store.open(path) as store:
        assert "half" not in store.tables()


def test_an_old_database_is_brought_up_to_date_even_to_read(path, monkeypatch):
    Store.open(path).close()
    newer = {**database.migrations(), "0099_more": "CREATE TABLE more (a TEXT) STRICT;\n"}
    monkeypatch.setattr(database, "migrations", lambda: newer)
    with Store.open(path, read_only=True) as store:
        assert "more" in store.tables()


def test_the_views_have_the_columns_of_the_table(store, path):
    names = [column.name for column in COLUMNS]
    with sqlite3.connect(path) as connection:
        shown = [column[0] for column in connection.execute("SELECT * FROM claims").description]
        extracted = [column[0] for column in connection.execute("SELECT * FROM claims_extracted").description]
    assert sorted(shown) == sorted(names)
    assert {*names} - {*extracted} == {"status", "verdict", "evidence_url", "note", "reviewer", "reviewed_at"}


def test_tables_are_strict_and_keys_hold(store, path):
    with sqlite3.connect(path) as connection:
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict "
            "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_fts%'"
        ).fetchall()
        assert tables == []
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        store._db.execute("INSERT INTO mentions VALUES (999, 0, 'd', 'times', 0, 1, '{}')")


QUERIES = {
    "text order": 'SELECT * FROM claims ORDER BY doc_id, start, "end", claim_id LIMIT 10',
    "most check-worthy": "SELECT * FROM claims ORDER BY check_worthiness DESC LIMIT 10",
    "to review": "SELECT * FROM claims WHERE status = 'extracted' ORDER BY check_worthiness DESC LIMIT 10",
    "due": "SELECT * FROM claims WHERE deadline < '2030-01-01' ORDER BY deadline LIMIT 10",
    "one document": "SELECT * FROM claims WHERE doc_id = 'd'",
    "one claim": "SELECT * FROM claims WHERE doc_id = 'd' AND claim_id = 'c'",
    "extracted": "SELECT * FROM claims_extracted WHERE doc_id = 'd'",
    "speaker": "SELECT * FROM claims WHERE speaker = 'Russia'",
    "reviews of a document": "SELECT * FROM reviews_history WHERE doc_id = 'd'",
    "documents in pages": "SELECT * FROM document_versions WHERE is_current AND doc_id > 'd' ORDER BY doc_id LIMIT 50",
    "mentions": "SELECT * FROM mentions WHERE doc_id = 'd' ORDER BY position",
    "tasks": "SELECT * FROM tasks WHERE server = 's' AND project = 'p' AND state = 'pushed'",
}


@pytest.mark.parametrize("case", QUERIES)
def test_queries_use_an_index_and_sort_nothing(store, case):
    plan = [row[3] for row in store._db.all(f"EXPLAIN QUERY PLAN {QUERIES[case]}")]
    assert not [step for step in plan if step.startswith("SCAN") and "USING INDEX" not in step], plan
    assert not [step for step in plan if "TEMP B-TREE FOR ORDER BY" in step], plan


STRANGE = {
    "a trigger of somebody": "CREATE TRIGGER evil AFTER INSERT ON claim_rows BEGIN DELETE FROM document_versions; END",
    "a trigger on reviews": "CREATE TRIGGER t BEFORE UPDATE ON annotations BEGIN SELECT RAISE(IGNORE); END",
    "a trigger of ours, changed": "DROP TRIGGER claim_rows_insert; CREATE TRIGGER claim_rows_insert AFTER INSERT ON claim_rows BEGIN SELECT 1; END",
    "a view of ours, changed": "DROP VIEW claims; CREATE VIEW claims AS SELECT * FROM claim_rows",
}


@pytest.mark.parametrize("what", STRANGE)
@pytest.mark.parametrize("read_only", [True, False])
def test_triggers_and_views_of_others_are_refused(path, what, read_only):
    Store.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.executescript(STRANGE[what])
    with pytest.raises(StoreError, match=r"claims\.db: its (trigger|view) .* is not of claimtable"):
        Store.open(path, read_only=read_only)


def test_views_and_tables_of_users_stay(path, document):
    Store.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE VIEW mine AS SELECT doc_id FROM claims; CREATE TABLE notes (a); CREATE INDEX n ON notes (a)"
        )
    with Store.open(path) as store:
        store.add_document(document)
    with Store.open(path, read_only=True) as store:
        assert store.status().documents == 1


def test_a_mistake_of_the_user_is_no_damage(path):
    with Store.open(path) as store, pytest.raises(StoreError) as raised:
        list(store.claims(where="json_extract('{', '$') = 1"))
    assert "damaged" not in str(raised.value)
