"""How much memory a process took at most."""

from __future__ import annotations

import resource
import sys

MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""What `ru_maxrss` counts in: getrusage(2) of Linux says kibibytes, that of macOS bytes."""


def peak_megabytes(usage: resource.struct_rusage | None = None) -> float:
    """Return the largest resident set, in MB (10^6 bytes), of the process of `usage`, or of this one so far."""
    usage = usage or resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_maxrss * MAXRSS_BYTES / 1e6
