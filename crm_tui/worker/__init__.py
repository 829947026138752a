"""The background worker: what the workspace does while nobody looks.

Any open session does it by itself, and ``crm-tui worker`` as a service; however many there are, one works at a time.
That nothing is done twice does not rest on that, but on what is done being noted in the same transaction.
"""

from crm_tui.worker.service import run_once, run_until, serve, status
from crm_tui.worker.tick import Tick, tick

__all__ = ["Tick", "run_once", "run_until", "serve", "status", "tick"]
