"""Errors that a user can act on. Each message names the document or file, the place, and the remedy."""


class ClaimTableError(Exception):
    """Base of every error that claimtable raises on purpose."""


class IngestError(ClaimTableError):
    """An input could not be read as a document."""


class DocumentTimeout(IngestError):
    """One document took longer than it may."""


class RuleError(ClaimTableError):
    """A lexicon or pattern file is missing or malformed."""


class ModelError(ClaimTableError):
    """A language pipeline is missing, damaged or unsuitable."""


class StoreError(ClaimTableError):
    """The claims database could not be opened, migrated, read or written."""


class RecordError(StoreError):
    """One record cannot be stored as it is; the database and the other records are as they should be."""


class ReviewError(ClaimTableError):
    """The exchange with the review server failed or was refused."""


class ExportError(ClaimTableError):
    """A table could not be written or read back."""


class EvaluateError(ClaimTableError):
    """Gold data are missing or malformed."""


class CheckError(ClaimTableError):
    """A check cannot be made: what it was given is missing, malformed, or not for it."""
