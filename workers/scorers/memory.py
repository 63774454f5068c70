"""Giving memory back to the system after models were loaded."""

from __future__ import annotations

import ctypes


def return_freed_memory() -> None:
    """Ask the C library to return what loading freed; nothing happens where it cannot.

    Loading the encoder takes 244 MB for a moment and keeps 60; without this glibc keeps all of it.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
