"""When Python looks for garbage: start-up is over, and what is read and written in bulk leaves none of its own."""

from __future__ import annotations

import gc

_MADE = 50_000
"""Objects made, beyond those let go, before the young are looked through. Rows and cells have no cycles: with Python's
own 700 an import would spend a tenth of its time looking."""


def collect_from_now_on() -> None:
    """Let what start-up made stay for good, and look only through what is made from now on (``__main__`` switched the
    looking off)."""
    gc.freeze()
    gc.set_threshold(_MADE, 20, 20)
    gc.enable()
