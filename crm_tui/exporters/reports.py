"""Dashboards as files: plain text, HTML, PDF and CSV, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from crm_tui.dashboards import reports
from crm_tui.dashboards.cards import Dashboard
from crm_tui.exporters.formulas import defuse, is_number
from crm_tui.exporters.papers import save
from crm_tui.kpis.periods import Period
from crm_tui.scope import Actor


def write(
    actor: Actor, board: Dashboard, period: Period, path: Path, *, filter: str = "", against: str = reports.BEFORE
) -> Path:
    """Write a dashboard's numbers of a period to a file whose ending says as what; return the file. Raises BadInput,
    StorageFailed."""
    told = reports.tell(actor, board, period, filter, against)

    def html() -> bytes:
        from crm_tui.documents.html import page

        return page(reports.paper(board, period, told)).encode()

    def pdf() -> bytes:
        from crm_tui.documents.pdf import page

        return page(reports.paper(board, period, told))

    makers: dict[str, Callable[[], bytes]] = {
        ".txt": lambda: reports.text(board, period, told).encode(),
        ".html": html, ".htm": html, ".pdf": pdf, ".csv": lambda: _csv(told),
    }  # fmt: skip
    return save(path, makers)


def _csv(told: list[reports.Told]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([cell if is_number(cell) else defuse(cell) for cell in row] for row in reports.rows(told))
    return out.getvalue().encode()
