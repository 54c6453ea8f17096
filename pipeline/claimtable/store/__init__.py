"""The claims database: documents, what was extracted from them, and what people said of it."""

from claimtable.store.documents import DocumentChange, DocumentEntry
from claimtable.store.extraction import Extraction, Mention
from claimtable.store.queries import Query, queries
from claimtable.store.reviews import ReviewCounts
from claimtable.store.shown import ReviewedClaim
from claimtable.store.status import Counts
from claimtable.store.store import Order, Store
from claimtable.store.unread_annotations import Unread

__all__ = [
    "Counts",
    "DocumentChange",
    "DocumentEntry",
    "Extraction",
    "Mention",
    "Order",
    "Query",
    "ReviewCounts",
    "ReviewedClaim",
    "Store",
    "Unread",
    "queries",
]
