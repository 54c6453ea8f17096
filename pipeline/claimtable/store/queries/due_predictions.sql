-- Due predictions
-- Predictions whose last day has passed and that have no verdict yet, longest overdue first.
SELECT deadline, speaker, text, subject, bound, value, value_low, value_high, unit, modality, probability_low,
    probability_high, published, title, status, doc_id, claim_id
FROM claims
WHERE kind = 'prediction' AND deadline < date('now') AND status <> 'rejected' AND verdict IS NULL
    AND (published IS NULL OR published < deadline)
ORDER BY deadline LIMIT 200
