-- Who is meant has an id; a claim of a PDF has its page; the views have their columns in the order in which one reads them.
ALTER TABLE document_versions ADD COLUMN pages TEXT NOT NULL DEFAULT '[]'; -- JSON: offsets at which the source's pages begin
ALTER TABLE document_actors ADD COLUMN wikidata TEXT;
ALTER TABLE document_actors ADD COLUMN code TEXT;
ALTER TABLE extracted_claims ADD COLUMN subject_id TEXT;
ALTER TABLE extracted_claims ADD COLUMN speaker_id TEXT;
ALTER TABLE extracted_claims ADD COLUMN page INTEGER;
ALTER TABLE claim_rows ADD COLUMN subject_id TEXT;
ALTER TABLE claim_rows ADD COLUMN speaker_id TEXT;
ALTER TABLE claim_rows ADD COLUMN page INTEGER;
CREATE INDEX claim_rows_speaker_id ON claim_rows (speaker_id);

DROP VIEW claims_extracted;
CREATE VIEW claims_extracted AS
SELECT
    c.text, c.subject, c.value, c.value_low, c.value_high, c.unit, c.change, c.bound, c.time_text, c.time_start,
    c.time_end, c.deadline, c.place, c.speaker, c.cue, c.modality, c.polarity, c.probability_low,
    c.probability_high, c.condition, c.kind, c.check_worthiness, c.confidence, d.title, d.published, d.url,
    d.author, c.section, c.page, c.predicate, c.unit_text, c.dimension, c.speaker_text, c.speaker_type,
    c.probability_scale, c.subject_id, c.speaker_id, c.claim_id, c.doc_id, c.start, c."end", c.prefix, c.suffix,
    c.rule,
    c.vanished, d.sha256 AS doc_sha256, d.is_current AS doc_is_current, d.pipeline, d.extracted_at
FROM extracted_claims AS c JOIN document_versions AS d ON d.id = c.version_id;

DROP VIEW claims;
CREATE VIEW claims AS
SELECT
    c.text, c.subject, c.value, c.value_low, c.value_high, c.unit, c.change, c.bound, c.time_text, c.time_start,
    c.time_end, c.deadline, c.place, c.speaker, c.cue, c.modality, c.polarity, c.probability_low,
    c.probability_high, c.condition, c.kind, c.check_worthiness, c.confidence, c.status, c.verdict, c.note,
    c.evidence_url, d.title, d.published, d.url, d.author, c.section, c.page, c.reviewer, c.reviewed_at,
    c.predicate, c.unit_text, c.dimension, c.speaker_text, c.speaker_type, c.probability_scale, c.subject_id,
    c.speaker_id, c.claim_id, c.doc_id, c.start, c."end", c.prefix, c.suffix, c.rule
FROM claim_rows AS c JOIN document_versions AS d ON d.id = c.version_id;
