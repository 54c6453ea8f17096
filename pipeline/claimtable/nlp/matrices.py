"""Which library multiplies the matrices of the language pipelines.

thinc takes BLIS, which has a kernel for each kind of processor that it knows and a generic one for the others, among them
current server processors. There numpy's OpenBLAS is faster: 4,000 → 4,670 words a second with the default pipeline,
4,700 → 7,000 with the fast one, and the same rows (12,000 words of news, one core, generic kernel). Where BLIS
knows the processor both take the same time.
"""

from __future__ import annotations

import ctypes
import functools
from contextlib import AbstractContextManager, nullcontext

import blis.cy
from thinc.api import NumpyOps, get_current_ops, use_ops


@functools.cache
def blis_kernel() -> str | None:
    """Return the name of the kernel that BLIS takes on this processor, such as `haswell`; None where it does not tell."""
    try:
        library = ctypes.CDLL(blis.cy.__file__)
        library.bli_arch_string.restype = ctypes.c_char_p
        name: bytes | None = library.bli_arch_string(library.bli_arch_query_id())
    except (OSError, AttributeError):
        return None
    return None if name is None else name.decode("ascii", "replace")


def fitting_products() -> AbstractContextManager[None]:
    """Return a context: models that are made in it multiply with numpy where BLIS has only its generic kernel.

    Another backend that the user chose (a GPU, Apple's Accelerate) stays.
    """
    if blis_kernel() == "generic" and type(get_current_ops()) is NumpyOps:
        return use_ops("numpy", use_blis=False)
    return nullcontext()
