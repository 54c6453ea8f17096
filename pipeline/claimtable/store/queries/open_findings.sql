-- Open findings
-- What claimtable check found last, with the claims that each finding rests on.
SELECT check_name, reason, text, speaker, published, title, link, first_found_at, finding_id, doc_id, claim_id
FROM findings WHERE is_open AND text IS NOT NULL ORDER BY check_name, finding_id, position LIMIT 500
