"""Who works in the demo agency."""

from __future__ import annotations

from crm_tui.asset_files import asset
from crm_tui.demo.sheets import Sheet


def operators() -> list[dict[str, str]]:
    """Return the operators, each with ``login``, ``name``, ``email`` and ``role``, in the file's order.

    Raises BadInput when the file was edited and cannot be understood.
    """
    sheet = Sheet.read(asset("demo", "operators.toml"))
    return [{name: row.text(name) for name in ("login", "name", "email", "role")} for row in sheet.tables("operator")]
