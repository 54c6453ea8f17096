"""The claims database: documents, what was extracted from them, and what people said of it."""

from claimtable.store.documents import DocumentChange
from claimtable.store.extraction import Extraction, Mention
from claimtable.store.queries import Query, queries
from claimtable.store.reviews import ReviewCounts
from claimtable.store.status import Counts
from claimtable.store.store import Order, Store

__all__ = [
    "Counts",
    "DocumentChange",
    "Extraction",
    "Mention",
    "Order",
    "Query",
    "ReviewCounts",
    "Store",
    "queries",
]
