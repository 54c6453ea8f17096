"""Queries that users of the database ask most, ready to run: one `.sql` file each in `queries`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Query:
    """A query with what it answers. A parameter stands as `:name` in the SQL."""

    name: str
    title: str
    description: str
    sql: str


def queries() -> list[Query]:
    """Return the queries, ordered by name."""
    folder = resources.files("claimtable.store") / "queries"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    made = []
    for file in files:
        title, description, sql = file.read_text("utf-8").split("\n", 2)
        name = file.name.removesuffix(".sql")
        made.append(Query(name, title.removeprefix("-- "), description.removeprefix("-- "), sql.strip()))
    return made
