"""Articles to documents: files, folders and streams in six formats become immutable text with sections.

Plain text keeps every character; the other formats are reduced to the text that a reader sees.
What a page is made of (title, standfirst, body, author note, comments) becomes sections, and what
nobody wrote as part of it (share buttons, reply forms, tag lists) lies in none.
"""

from claimtable.ingest.html import MAX_HTML_BYTES, read_html
from claimtable.ingest.inputs import FORMATS, file_of, is_known_name, read, read_page
from claimtable.ingest.jsonl import read_jsonl
from claimtable.ingest.language import check_english
from claimtable.ingest.markdown import read_markdown
from claimtable.ingest.metadata import Metadata
from claimtable.ingest.pdf import read_pdf
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES
from claimtable.ingest.text import read_text
from claimtable.ingest.warc import read_warc

__all__ = [
    "FORMATS",
    "MAX_DOCUMENT_BYTES",
    "MAX_HTML_BYTES",
    "Metadata",
    "check_english",
    "file_of",
    "is_known_name",
    "read",
    "read_html",
    "read_jsonl",
    "read_markdown",
    "read_page",
    "read_pdf",
    "read_text",
    "read_warc",
]
