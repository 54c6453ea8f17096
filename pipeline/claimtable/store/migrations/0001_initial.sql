-- Documents. A changed text is a new version; old versions stay, because reviews point into them.
CREATE TABLE document_versions (
    id INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    title TEXT,
    author TEXT,
    published TEXT,
    url TEXT,
    source TEXT,
    language TEXT,
    sections TEXT NOT NULL,
    added_at TEXT NOT NULL,
    pipeline TEXT, -- what extracted last from this version; null: nothing yet
    extracted_at TEXT,
    extraction_hash TEXT,
    text TEXT NOT NULL, -- last, so that reading the other columns does not walk through it
    UNIQUE (doc_id, version),
    UNIQUE (doc_id, sha256)
) STRICT;
CREATE UNIQUE INDEX document_versions_current ON document_versions (doc_id) WHERE is_current;

CREATE VIEW documents AS
SELECT doc_id, title, author, published, url, source, language, version, sha256, added_at, pipeline, extracted_at,
    sections, text
FROM document_versions WHERE is_current;

CREATE VIRTUAL TABLE documents_fts USING fts5 (
    title, text, content = 'document_versions', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER document_versions_insert AFTER INSERT ON document_versions WHEN new.is_current BEGIN
    INSERT INTO documents_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
-- One trigger for both steps: SQLite promises no order between two.
CREATE TRIGGER document_versions_update AFTER UPDATE OF is_current, title, text ON document_versions BEGIN
    INSERT INTO documents_fts (documents_fts, rowid, title, text)
    SELECT 'delete', old.id, old.title, old.text WHERE old.is_current;
    INSERT INTO documents_fts (rowid, title, text) SELECT new.id, new.title, new.text WHERE new.is_current;
END;

-- What was extracted, as it was extracted. Nothing that a person said is ever written here.
CREATE TABLE extracted_claims (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES document_versions (id),
    position INTEGER NOT NULL, -- order of extraction
    vanished INTEGER NOT NULL DEFAULT 0 CHECK (vanished IN (0, 1)), -- no longer extracted, kept for its reviews
    claim_id TEXT NOT NULL,
    doc_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    subject TEXT,
    predicate TEXT,
    bound TEXT,
    value REAL,
    value_low REAL,
    value_high REAL,
    unit TEXT,
    unit_text TEXT,
    dimension TEXT,
    change TEXT,
    time_text TEXT,
    time_start TEXT,
    time_end TEXT,
    deadline TEXT,
    place TEXT,
    speaker TEXT,
    speaker_text TEXT,
    cue TEXT,
    speaker_type TEXT,
    polarity TEXT NOT NULL,
    modality TEXT,
    probability_low REAL,
    probability_high REAL,
    probability_scale TEXT,
    condition TEXT,
    check_worthiness REAL,
    confidence REAL,
    section TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    rule TEXT,
    UNIQUE (doc_id, claim_id)
) STRICT;
CREATE INDEX extracted_claims_version ON extracted_claims (version_id);

CREATE VIEW claims_extracted AS
SELECT c.claim_id, c.kind, c.text, c.subject, c.predicate, c.bound, c.value, c.value_low, c.value_high, c.unit,
    c.unit_text, c.dimension, c.change, c.time_text, c.time_start, c.time_end, c.deadline, c.place, c.speaker,
    c.speaker_text, c.cue, c.speaker_type, c.polarity, c.modality, c.probability_low, c.probability_high,
    c.probability_scale, c.condition, c.check_worthiness, c.confidence, c.doc_id, d.title, d.url, d.author,
    d.published, c.section, c.start, c."end", c.prefix, c.suffix, c.rule,
    c.vanished, d.sha256 AS doc_sha256, d.is_current AS doc_is_current, d.pipeline, d.extracted_at
FROM extracted_claims AS c JOIN document_versions AS d ON d.id = c.version_id;

CREATE TABLE document_actors (
    version_id INTEGER NOT NULL REFERENCES document_versions (id),
    position INTEGER NOT NULL,
    doc_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    aliases TEXT NOT NULL,
    mentions TEXT NOT NULL,
    documents TEXT NOT NULL,
    PRIMARY KEY (doc_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_actors_name ON document_actors (name, type);
CREATE INDEX document_actors_version ON document_actors (version_id);

CREATE TABLE mentions (
    version_id INTEGER NOT NULL REFERENCES document_versions (id),
    position INTEGER NOT NULL,
    doc_id TEXT NOT NULL,
    layer TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    data TEXT NOT NULL, -- the record, as JSON
    PRIMARY KEY (doc_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_version ON mentions (version_id);

-- What people said. Every revision of every annotation stays.
CREATE TABLE annotations (
    id INTEGER PRIMARY KEY,
    annotation_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    version_id INTEGER NOT NULL REFERENCES document_versions (id),
    doc_id TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('submitted', 'skipped')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    lead_time REAL,
    origin TEXT NOT NULL,
    task_key TEXT,
    extractor TEXT,
    content_hash TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    withdrawn_at TEXT, -- when it was found to be deleted where it came from
    result TEXT NOT NULL,
    UNIQUE (annotation_id, revision)
) STRICT;
CREATE UNIQUE INDEX annotations_current ON annotations (annotation_id) WHERE is_current;
CREATE INDEX annotations_document ON annotations (doc_id, is_current);
CREATE INDEX annotations_version ON annotations (version_id);
CREATE INDEX annotations_task ON annotations (task_key);

CREATE TABLE reviews (
    annotation INTEGER NOT NULL REFERENCES annotations (id),
    position INTEGER NOT NULL,
    review_id TEXT NOT NULL,
    doc_id TEXT NOT NULL,
    claim_id TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'corrected', 'rejected', 'added')),
    fields TEXT NOT NULL, -- JSON object: column → the person's value
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
    seen TEXT, -- JSON: the claim as the person saw it; null for one added by hand
    -- Where it stands in the current text: found again by its words when the text or the extraction changed.
    anchor TEXT NOT NULL DEFAULT 'same' CHECK (anchor IN ('same', 'moved', 'lost')),
    anchor_start INTEGER,
    anchor_end INTEGER,
    anchor_claim_id TEXT NOT NULL, -- the claim that it speaks of now
    PRIMARY KEY (annotation, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reviews_claim ON reviews (doc_id, claim_id);
CREATE INDEX reviews_lost ON reviews (doc_id) WHERE anchor = 'lost';

CREATE TABLE reviewed_spans (
    annotation INTEGER NOT NULL REFERENCES annotations (id),
    position INTEGER NOT NULL,
    region_id TEXT NOT NULL,
    label TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    origin TEXT NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (annotation, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE reviewed_relations (
    annotation INTEGER NOT NULL REFERENCES annotations (id),
    position INTEGER NOT NULL,
    from_id TEXT NOT NULL,
    to_id TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (annotation, position)
) STRICT, WITHOUT ROWID;

CREATE VIEW reviews_history AS
SELECT r.review_id, r.doc_id, r.claim_id, r.decision, r.fields, r.verdict, r.evidence_url, r.note, r.exact,
    r.start, r."end", r.reviewer, r.reviewed_at, r.origin, a.annotation_id, a.revision,
    a.is_current AS is_latest_revision, a.outcome, a.task_key, a.extractor, a.lead_time, a.stored_at,
    d.version AS doc_version, d.sha256 AS doc_sha256, r.anchor, r.anchor_claim_id
FROM reviews AS r JOIN annotations AS a ON a.id = r.annotation JOIN document_versions AS d ON d.id = a.version_id;

-- Claims of which the reviewers' latest reviews say different things.
CREATE VIEW disagreements AS
WITH voices AS (
    SELECT r.doc_id, r.anchor_claim_id AS claim_id, r.reviewer, r.verdict, r.decision, r.fields, r.exact,
        row_number() OVER (
            PARTITION BY r.doc_id, r.anchor_claim_id, r.reviewer
            ORDER BY julianday(r.reviewed_at) DESC, r.review_id DESC
        ) AS nth
    FROM reviews AS r JOIN annotations AS a ON a.id = r.annotation
    WHERE a.is_current
)
SELECT doc_id, claim_id, count(*) AS reviewers, min(exact) AS text,
    json_group_array(json_object('reviewer', reviewer, 'decision', decision, 'fields', json(fields), 'words', exact,
        'verdict', verdict)) AS said
FROM voices WHERE nth = 1
GROUP BY doc_id, claim_id
HAVING count(DISTINCT CASE decision WHEN 'rejected' THEN 'rejected' ELSE fields || exact END) > 1
    OR count(DISTINCT verdict) > 1;

-- The table that everybody reads: extracted rows, and in their place what people made of them. Derived from the
-- tables above, document by document.
CREATE TABLE claim_rows (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES document_versions (id),
    claim_id TEXT NOT NULL,
    doc_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    subject TEXT,
    predicate TEXT,
    bound TEXT,
    value REAL,
    value_low REAL,
    value_high REAL,
    unit TEXT,
    unit_text TEXT,
    dimension TEXT,
    change TEXT,
    time_text TEXT,
    time_start TEXT,
    time_end TEXT,
    deadline TEXT,
    place TEXT,
    speaker TEXT,
    speaker_text TEXT,
    cue TEXT,
    speaker_type TEXT,
    polarity TEXT NOT NULL,
    modality TEXT,
    probability_low REAL,
    probability_high REAL,
    probability_scale TEXT,
    condition TEXT,
    check_worthiness REAL,
    confidence REAL,
    section TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    rule TEXT,
    status TEXT NOT NULL,
    verdict TEXT,
    evidence_url TEXT,
    note TEXT,
    reviewer TEXT,
    reviewed_at TEXT,
    UNIQUE (doc_id, claim_id)
) STRICT;
CREATE INDEX claim_rows_text_order ON claim_rows (doc_id, start, "end", claim_id);
CREATE INDEX claim_rows_version ON claim_rows (version_id);
CREATE INDEX claim_rows_to_review ON claim_rows (status, check_worthiness DESC);
CREATE INDEX claim_rows_worth ON claim_rows (check_worthiness DESC);
CREATE INDEX claim_rows_deadline ON claim_rows (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX claim_rows_speaker ON claim_rows (speaker);

CREATE VIEW claims AS
SELECT c.claim_id, c.kind, c.text, c.subject, c.predicate, c.bound, c.value, c.value_low, c.value_high, c.unit,
    c.unit_text, c.dimension, c.change, c.time_text, c.time_start, c.time_end, c.deadline, c.place, c.speaker,
    c.speaker_text, c.cue, c.speaker_type, c.polarity, c.modality, c.probability_low, c.probability_high,
    c.probability_scale, c.condition, c.check_worthiness, c.confidence, c.doc_id, d.title, d.url, d.author,
    d.published, c.section, c.start, c."end", c.prefix, c.suffix, c.rule,
    c.status, c.verdict, c.evidence_url, c.note, c.reviewer, c.reviewed_at
FROM claim_rows AS c JOIN document_versions AS d ON d.id = c.version_id;

CREATE VIRTUAL TABLE claims_fts USING fts5 (
    text, subject, speaker, content = 'claim_rows', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER claim_rows_insert AFTER INSERT ON claim_rows BEGIN
    INSERT INTO claims_fts (rowid, text, subject, speaker) VALUES (new.id, new.text, new.subject, new.speaker);
END;
CREATE TRIGGER claim_rows_delete AFTER DELETE ON claim_rows BEGIN
    INSERT INTO claims_fts (claims_fts, rowid, text, subject, speaker)
    VALUES ('delete', old.id, old.text, old.subject, old.speaker);
END;

-- The exchange with review servers.
CREATE TABLE tasks (
    task_key TEXT PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES document_versions (id),
    doc_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    annotator TEXT,
    server TEXT NOT NULL,
    project TEXT NOT NULL,
    remote_id TEXT,
    content_hash TEXT NOT NULL,
    pushed_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'pushed', 'gone')),
    claims TEXT NOT NULL -- JSON: the claims as the task shows them
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_document ON tasks (doc_id);
CREATE INDEX tasks_version ON tasks (version_id);
CREATE INDEX tasks_project ON tasks (server, project, state);

CREATE TABLE sync (
    server TEXT NOT NULL,
    project TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (server, project, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
