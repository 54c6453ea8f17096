-- To review next
-- Claims that nobody has reviewed yet, most check-worthy first.
SELECT check_worthiness, kind, speaker, text, subject, value, value_low, value_high, unit, time_start, deadline,
    title, published, doc_id, claim_id
FROM claims WHERE status = 'extracted' ORDER BY check_worthiness DESC LIMIT 200
