"""Plausible data for trying the program out, the same for the same seed; nothing here reads or writes a workspace.

``clients(n, seed, today)``, ``operators()`` and ``teams()`` make the records. Every word comes from ``assets/demo``,
which a person can edit; e-mail and web addresses end in reserved example domains, telephone numbers are reserved for
fiction or not in use.
"""

from __future__ import annotations

from crm_tui.demo.operators import operators
from crm_tui.demo.stream import DemoClient, clients
from crm_tui.demo.teams import teams

__all__ = ["DemoClient", "clients", "operators", "teams"]
