-- Ids of claims begin with a letter: spreadsheets and pandas took some of the hashes for numbers ("12e5"). What came from
-- a review server stays in `annotations.result` as it came.
UPDATE extracted_claims SET claim_id = 'c' || claim_id
    WHERE length(claim_id) = 16 AND claim_id NOT GLOB '*[^0-9a-f]*';
UPDATE claim_rows SET claim_id = 'c' || claim_id
    WHERE length(claim_id) = 16 AND claim_id NOT GLOB '*[^0-9a-f]*';
UPDATE reviews SET claim_id = 'c' || claim_id
    WHERE length(claim_id) = 16 AND claim_id NOT GLOB '*[^0-9a-f]*';
UPDATE reviews SET anchor_claim_id = 'c' || anchor_claim_id
    WHERE length(anchor_claim_id) = 16 AND anchor_claim_id NOT GLOB '*[^0-9a-f]*';
UPDATE tasks SET claim_id = 'c' || claim_id
    WHERE length(claim_id) = 16 AND claim_id NOT GLOB '*[^0-9a-f]*';
UPDATE check_finding_rows SET claim_id = 'c' || claim_id
    WHERE length(claim_id) = 16 AND claim_id NOT GLOB '*[^0-9a-f]*';
UPDATE reviews SET seen = json_set(seen, '$.claim_id', 'c' || json_extract(seen, '$.claim_id'))
    WHERE length(json_extract(seen, '$.claim_id')) = 16
    AND json_extract(seen, '$.claim_id') NOT GLOB '*[^0-9a-f]*';
UPDATE reviewed_spans SET attributes = json_set(attributes, '$.claim_id', 'c' || json_extract(attributes, '$.claim_id'))
    WHERE length(json_extract(attributes, '$.claim_id')) = 16
    AND json_extract(attributes, '$.claim_id') NOT GLOB '*[^0-9a-f]*';
UPDATE tasks SET claims = (
    SELECT json_group_array(json(CASE
        WHEN length(json_extract(value, '$.claim_id')) = 16 AND json_extract(value, '$.claim_id') NOT GLOB '*[^0-9a-f]*'
        THEN json_set(value, '$.claim_id', 'c' || json_extract(value, '$.claim_id'))
        ELSE value END))
    FROM json_each(tasks.claims)
);
UPDATE annotations SET shown = (
    SELECT json_group_array(CASE
        WHEN length(value) = 16 AND value NOT GLOB '*[^0-9a-f]*' THEN 'c' || value ELSE value END)
    FROM json_each(annotations.shown)
) WHERE shown IS NOT NULL;
