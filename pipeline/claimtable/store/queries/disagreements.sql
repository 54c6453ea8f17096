-- Disagreements
-- Claims of which reviewers say different things, and what each says.
SELECT s.text, s.reviewers, json_extract(v.value, '$.reviewer') AS reviewer,
    json_extract(v.value, '$.decision') AS decision, json_extract(v.value, '$.fields') AS fields,
    json_extract(v.value, '$.words') AS words, json_extract(v.value, '$.verdict') AS verdict, s.doc_id, s.claim_id
FROM disagreements AS s, json_each(s.said) AS v ORDER BY s.doc_id, s.claim_id, reviewer LIMIT 500
