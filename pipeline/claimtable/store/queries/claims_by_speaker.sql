-- Claims by speaker
-- Who claims how much, and how it was judged; write a name, or a part of one, to see only those.
SELECT speaker, count(*) AS claims, count(*) FILTER (WHERE kind = 'prediction') AS predictions,
    count(*) FILTER (WHERE verdict = 'supported') AS supported, count(*) FILTER (WHERE verdict = 'refuted') AS refuted,
    count(*) FILTER (WHERE verdict = 'mixed') AS mixed, count(*) FILTER (WHERE status = 'extracted') AS to_review,
    count(DISTINCT doc_id) AS documents
FROM claims
WHERE status <> 'rejected' AND speaker LIKE '%' || :speaker || '%'
GROUP BY speaker ORDER BY claims DESC LIMIT 200
