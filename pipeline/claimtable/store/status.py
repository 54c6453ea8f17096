"""What is in a database, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from claimtable.store import disagreements
from claimtable.store.database import Database
from claimtable.store.settings import adjudication


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers that `claimtable status` shows."""

    documents: int
    versions: int
    """Texts, earlier ones among them."""
    without_extraction: int
    """Documents from whose current text nothing has been extracted yet."""
    claims: dict[str, dict[str, int]] = field(default_factory=dict)
    """Kind → status → claims."""
    verdicts: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    """State → tasks."""
    tasks_waiting: int = 0
    """Tasks that are out and that nobody has submitted or skipped."""
    annotations: dict[str, int] = field(default_factory=dict)
    """Outcome → annotations, each in its latest revision; `empty`: submitted with nothing in it."""
    reviews: dict[str, int] = field(default_factory=dict)
    """Decision → reviews."""
    disagreements: int = 0
    """Claims on which reviewers disagree."""
    vanished: int = 0
    """Rows that are no longer extracted, and stay for their reviews."""
    unanchored: int = 0
    """Reviews whose words are no longer in the text."""
    findings: dict[str, int] = field(default_factory=dict)
    """Check → findings that are open."""
    adjudication: str = "latest"


def count(db: Database) -> Counts:
    """Count."""
    documents, without = db.one(
        "SELECT count(*), count(*) FILTER (WHERE pipeline IS NULL) FROM document_versions WHERE is_current"
    )
    claims: dict[str, dict[str, int]] = {}
    for kind, status, number in db.all(
        "SELECT kind, status, count(*) FROM claim_rows GROUP BY kind, status ORDER BY kind, status"
    ):
        claims.setdefault(kind, {})[status] = number
    return Counts(
        documents=documents,
        versions=db.one("SELECT count(*) FROM document_versions")[0],
        without_extraction=without,
        claims=claims,
        verdicts=dict(
            db.all("SELECT verdict, count(*) FROM claim_rows WHERE verdict IS NOT NULL GROUP BY verdict")
        ),
        tasks=dict(db.all("SELECT state, count(*) FROM tasks GROUP BY state")),
        tasks_waiting=db.one(
            "SELECT count(*) FROM tasks AS t WHERE state = 'pushed' AND NOT EXISTS "
            "(SELECT 1 FROM annotations AS a WHERE a.task_key = t.task_key AND a.is_current)"
        )[0],
        annotations=dict(
            db.all(
                "SELECT CASE WHEN outcome = 'submitted' AND result = '[]' THEN 'empty' ELSE outcome END AS what, "
                "count(*) FROM annotations WHERE is_current GROUP BY what"
            )
        ),
        reviews=dict(
            db.all(
                "SELECT r.decision, count(*) FROM reviews AS r JOIN annotations AS a ON a.id = r.annotation "
                "WHERE a.is_current GROUP BY r.decision"
            )
        ),
        disagreements=disagreements.count(db),
        vanished=db.one(
            "SELECT count(*) FROM extracted_claims AS e JOIN claim_rows AS c USING (doc_id, claim_id) WHERE e.vanished"
        )[0],
        unanchored=db.one(
            "SELECT count(*) FROM reviews AS r JOIN annotations AS a ON a.id = r.annotation "
            "WHERE a.is_current AND r.anchor = 'lost'"
        )[0],
        findings=dict(
            db.all(
                "SELECT check_name, count(*) FROM check_findings WHERE gone_at IS NULL "
                "GROUP BY check_name ORDER BY check_name"
            )
        ),
        adjudication=adjudication(db),
    )
