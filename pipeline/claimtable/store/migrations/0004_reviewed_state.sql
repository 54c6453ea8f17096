-- A person may be unsure, which is no judgement; what an annotation is known to have been shown is kept with it; a task
-- may be one claim; what could not be read is listed; documents know the files that they come from, and may be removed.

DROP VIEW reviews_history;
DROP VIEW disagreements;

CREATE TABLE reviews_rebuilt (
    annotation INTEGER NOT NULL REFERENCES annotations (id),
    position INTEGER NOT NULL,
    review_id TEXT NOT NULL,
    doc_id TEXT NOT NULL,
    claim_id TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'corrected', 'rejected', 'added', 'unsure')),
    fields TEXT NOT NULL, -- JSON object: column → the person's value, where it is not what was extracted
    verdict TEXT,
    evidence_url TEXT,
    note TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    exact TEXT NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    reviewed_at TEXT NOT NULL,
    origin TEXT NOT NULL,
    seen TEXT, -- JSON: the claim that the person judged, as extracted; null for one added by hand
    anchor TEXT NOT NULL DEFAULT 'same' CHECK (anchor IN ('same', 'moved', 'lost')),
    anchor_start INTEGER,
    anchor_end INTEGER,
    anchor_claim_id TEXT NOT NULL, -- the claim that it speaks of now
    PRIMARY KEY (annotation, position)
) STRICT, WITHOUT ROWID;
INSERT INTO reviews_rebuilt SELECT * FROM reviews;
DROP TABLE reviews;
ALTER TABLE reviews_rebuilt RENAME TO reviews;
CREATE INDEX reviews_claim ON reviews (doc_id, claim_id);
CREATE INDEX reviews_lost ON reviews (doc_id) WHERE anchor = 'lost';

ALTER TABLE annotations ADD COLUMN shown TEXT; -- JSON: ids of the claims that it is known to have been shown; null: unknown
ALTER TABLE tasks ADD COLUMN claim_id TEXT; -- the claim that alone the task asks about; null: all of its part of the text

-- Annotations that could not be read, or not whole: each pull tries them again.
CREATE TABLE unread_annotations (
    server TEXT NOT NULL,
    project TEXT NOT NULL,
    task TEXT NOT NULL, -- the server's number
    annotation TEXT NOT NULL, -- the server's number; empty for the task as such
    doc_id TEXT,
    reason TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (server, project, task, annotation)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_paths (
    path TEXT PRIMARY KEY,
    doc_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX document_paths_document ON document_paths (doc_id);

CREATE TABLE removed_documents (
    doc_id TEXT PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES document_versions (id), -- the one that was current
    removed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIEW reviews_history AS
SELECT r.review_id, r.doc_id, r.claim_id, r.decision, r.fields, r.verdict, r.evidence_url, r.note, r.exact,
    r.start, r."end", r.reviewer, r.reviewed_at, r.origin, a.annotation_id, a.revision,
    a.is_current AS is_latest_revision, a.outcome, a.task_key, a.extractor, a.lead_time, a.stored_at,
    d.version AS doc_version, d.sha256 AS doc_sha256, r.anchor, r.anchor_claim_id
FROM reviews AS r JOIN annotations AS a ON a.id = r.annotation JOIN document_versions AS d ON d.id = a.version_id;

-- A line for each claim in dispute, disputed field and reviewer. What a named adjudicator has reviewed is not in it.
CREATE VIEW disagreements AS
-- What each reviewer says of each claim by now: the latest review of each.
WITH said AS MATERIALIZED (
    SELECT doc_id, claim_id, reviewer, reviewed_at, decision, text, start, "end", verdict, columns
    FROM (
        SELECT r.doc_id, r.anchor_claim_id AS claim_id, r.reviewer, r.reviewed_at, r.decision, r.exact AS text,
            coalesce(r.anchor_start, r.start) AS start, coalesce(r.anchor_end, r."end") AS "end", r.verdict,
            -- JSON: column → value, without the empty ones.
            json_patch(coalesce(r.seen, '{}'), r.fields) AS columns,
            row_number() OVER (
                PARTITION BY r.doc_id, r.anchor_claim_id, r.reviewer
                ORDER BY julianday(r.reviewed_at) DESC, r.review_id DESC
            ) AS nth
        FROM reviews AS r JOIN annotations AS a ON a.id = r.annotation
        WHERE a.is_current AND r.anchor <> 'lost' AND r.decision <> 'unsure'
    )
    WHERE nth = 1
),
-- Who read the place of a claim that others added, with what was extracted from it before them, and marked nothing there.
silent AS MATERIALIZED (
    SELECT s.doc_id, s.claim_id, a.reviewer, max(a.updated_at) AS reviewed_at
    FROM said AS s
        JOIN annotations AS a ON a.doc_id = s.doc_id AND a.is_current AND a.outcome = 'submitted'
        JOIN document_versions AS d ON d.id = a.version_id AND d.is_current
        LEFT JOIN tasks AS t ON t.task_key = a.task_key
    WHERE s.decision = 'added' AND a.extractor IS NOT NULL AND t.claim_id IS NULL AND coalesce(t.start, 0) <= s.start AND (t."end" IS NULL OR s."end" <= t."end")
        AND NOT EXISTS (
            SELECT 1 FROM said AS m
            WHERE m.doc_id = s.doc_id AND m.claim_id = s.claim_id AND m.reviewer = a.reviewer
        )
    GROUP BY s.doc_id, s.claim_id, a.reviewer
),
decided AS (
    SELECT v.doc_id, v.claim_id
    FROM settings AS s
        JOIN (
            SELECT doc_id, claim_id, reviewer FROM said UNION ALL SELECT doc_id, claim_id, reviewer FROM silent
        ) AS v ON s.value = 'adjudicator:' || v.reviewer
    WHERE s.key = 'adjudication'
),
kept AS (
    SELECT s.* FROM said AS s
    WHERE s.decision <> 'rejected' AND (s.doc_id, s.claim_id) IN (
        SELECT doc_id, claim_id FROM said WHERE decision <> 'rejected' GROUP BY doc_id, claim_id HAVING count(*) > 1
    )
),
names (position, field) AS (
    VALUES (2, 'kind'), (3, 'subject'), (4, 'speaker'), (5, 'bound'), (6, 'value'), (7, 'value_low'),
        (8, 'value_high'), (9, 'unit'), (10, 'change'), (11, 'polarity'), (12, 'modality'), (13, 'time_start'),
        (14, 'time_end'), (15, 'deadline'), (16, 'verdict'), (17, 'time_text'), (18, 'speaker_text'), (19, 'cue'),
        (20, 'condition')
),
-- Who gave no verdict said nothing against another's.
cells AS MATERIALIZED (
    SELECT k.doc_id, k.claim_id, n.position, n.field, k.reviewer, k.reviewed_at,
        CASE n.field WHEN 'verdict' THEN k.verdict ELSE json_extract(k.columns, '$.' || n.field) END AS value
    FROM kept AS k CROSS JOIN names AS n
    WHERE n.field <> 'verdict' OR k.verdict IS NOT NULL
),
-- A value of each type: an expression has no affinity, by which SQLite would make texts of the numbers.
disputed AS (
    SELECT doc_id, claim_id, 0 AS position, 'claim' AS field, reviewer, reviewed_at, decision || '' AS value FROM said
    WHERE (doc_id, claim_id) IN (
        SELECT doc_id, claim_id FROM said GROUP BY doc_id, claim_id HAVING count(DISTINCT decision = 'rejected') > 1
        UNION SELECT doc_id, claim_id FROM silent
    )
    UNION ALL
    SELECT doc_id, claim_id, 0, 'claim', reviewer, reviewed_at, 'not marked' FROM silent
    UNION ALL
    SELECT doc_id, claim_id, 1, 'text', reviewer, reviewed_at, text || '' FROM kept
    WHERE (doc_id, claim_id) IN (
        SELECT doc_id, claim_id FROM kept GROUP BY doc_id, claim_id HAVING count(DISTINCT start || '-' || "end") > 1
    )
    UNION ALL
    SELECT doc_id, claim_id, position, field, reviewer, reviewed_at, value FROM cells
    WHERE (doc_id, claim_id, field) IN (
        SELECT doc_id, claim_id, field FROM cells GROUP BY doc_id, claim_id, field
        HAVING count(DISTINCT value) + max(value IS NULL) > 1
    )
)
SELECT p.doc_id, p.claim_id, w.text, p.field, p.reviewer, p.value, p.reviewed_at, w.start, p.position
FROM disputed AS p
    JOIN (SELECT doc_id, claim_id, min(text) AS text, min(start) AS start FROM said GROUP BY doc_id, claim_id) AS w
    ON w.doc_id = p.doc_id AND w.claim_id = p.claim_id
WHERE (p.doc_id, p.claim_id) NOT IN (SELECT doc_id, claim_id FROM decided);
