-- Search documents
-- Full-text search in titles and texts, best matches first.
SELECT d.title, snippet(documents_fts, 1, '[', ']', '…', 32) AS passage, d.author, d.published, d.url, d.doc_id
FROM documents_fts AS f JOIN document_versions AS d ON d.id = f.rowid
WHERE documents_fts MATCH CASE WHEN trim(:words) = '' THEN '""' ELSE :words END ORDER BY f.rank LIMIT 200
