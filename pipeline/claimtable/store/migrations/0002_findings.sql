-- What `claimtable check` found, each finding once, however often it is found.
CREATE TABLE check_findings (
    finding_id TEXT PRIMARY KEY,
    check_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    link TEXT,
    first_found_at TEXT NOT NULL,
    last_found_at TEXT NOT NULL,
    gone_at TEXT -- when the check ran and no longer found it
) STRICT, WITHOUT ROWID;
CREATE INDEX check_findings_open ON check_findings (check_name) WHERE gone_at IS NULL;

CREATE TABLE check_finding_rows (
    finding_id TEXT NOT NULL REFERENCES check_findings (finding_id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    doc_id TEXT NOT NULL,
    claim_id TEXT NOT NULL,
    PRIMARY KEY (finding_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX check_finding_rows_claim ON check_finding_rows (doc_id, claim_id);

-- A line for each claim that a finding rests on.
CREATE VIEW findings AS
SELECT f.finding_id, f.check_name, f.reason, f.link, f.gone_at IS NULL AS is_open, r.position, c.text, c.speaker,
    c.value, c.unit, d.title, d.published, d.url, r.doc_id, r.claim_id, f.first_found_at, f.last_found_at, f.gone_at
FROM check_findings AS f JOIN check_finding_rows AS r ON r.finding_id = f.finding_id
    LEFT JOIN claim_rows AS c ON c.doc_id = r.doc_id AND c.claim_id = r.claim_id
    LEFT JOIN document_versions AS d ON d.id = c.version_id;
