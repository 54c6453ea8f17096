-- Search claims
-- Full-text search in the words, the subject and the speaker of claims, best matches first.
SELECT r.text, r.subject, r.speaker, r.kind, r.value, r.unit, r.deadline, r.status, r.verdict, r.doc_id, r.claim_id
FROM claims_fts AS f JOIN claim_rows AS r ON r.id = f.rowid
WHERE claims_fts MATCH CASE WHEN trim(:words) = '' THEN '""' ELSE :words END ORDER BY f.rank LIMIT 200
