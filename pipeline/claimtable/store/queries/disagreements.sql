-- Disagreements
-- Claims on which reviewers disagree: each field in dispute, and what each reviewer says.
SELECT text, field, reviewer, value, reviewed_at, doc_id, claim_id
FROM disagreements ORDER BY doc_id, start, claim_id, position, reviewer LIMIT 500
