"""The verbs ``kpi`` and ``report``: numbers and whole dashboards, for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.i18n import _
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request
from crm_tui.verbs.table import Column

if TYPE_CHECKING:
    from crm_tui.dashboards.answers import Answer, Part
    from crm_tui.dashboards.cards import Meaning
    from crm_tui.dashboards.figures import Figure
    from crm_tui.kpis.registry import Kpi


def report(request: Request) -> None:
    """Write a dashboard to a file, or print it. Raises BadInput, StorageFailed."""
    from crm_tui.dashboards import finding, reports
    from crm_tui.exporters import reports as files
    from crm_tui.kpis import periods

    options = request.options
    period = periods.read(options.period)
    how = {"filter": options.filter, "against": options.against}
    with request.opened() as (_workspace, actor):
        board = finding.named(actor, options.dashboard)
        if options.file:
            written = files.write(actor, board, period, Path(options.file).expanduser(), **how)
            if request.json:
                printing.write_json({"file": str(written)})
            else:
                printing.note(_("Written to {file}").format(file=written))
            return
        told = reports.tell(actor, board, period, **how)
    if request.json:
        printing.write_json([_as_json(one.meaning, one.answer) for one in told if one.answer is not None])
    else:
        printing.write(reports.text(board, period, told))


def tell(request: Request) -> None:
    """Write a number with its parts and the queries that prove it; without a name, all of them. Raises BadInput."""
    from crm_tui.dashboards import answers, reports
    from crm_tui.kpis import periods, registry
    from crm_tui.kpis.question import grouped_by

    options = request.options
    wanted = [registry.named(name) for name in options.names] or list(registry.every().values())
    period = periods.read(options.period)
    earlier = reports.earlier(period, options.against)
    with request.opened() as (_workspace, actor):
        found = []
        for one in wanted:
            asked = one.ask()
            if options.by:
                asked = grouped_by(asked, options.by)
            found.append((one, answers.answer(actor, asked, period, options.filter, before=earlier)))
    if request.json:
        told = [_as_json(one, answer) for one, answer in found]
        printing.write_json(told[0] if len(options.names) == 1 else told)
        return
    _write(found, parts=bool(options.names))


def _write(found: Sequence[tuple[Kpi, Answer]], *, parts: bool) -> None:
    from crm_tui.dashboards.wording import against, change, shown

    columns = [
        Column(_("Number")),
        Column(_("Value"), right=True),
        Column(_("Change")),
        Column(_("Records"), right=True),
    ]
    rows = []
    for one, answer in found:
        rows.append((one.title, shown(answer.question, answer.whole), change(answer), str(answer.whole.counted)))
        for part in answer.parts if parts else ():
            said = shown(answer.question, part) if part.limit is None else against(answer, part)
            rows.append((f"  {part.label}", said, "", str(part.counted)))
    printing.write_table(columns, rows)


def _as_json(one: Kpi | Meaning, answer: Answer) -> dict[str, Any]:
    from crm_tui.models.base import entities

    asked = answer.question

    def part(found: Part) -> dict[str, Any]:
        told = {
            "label": found.label,
            "values": [_number(figure) for figure in found.figures],
            "count": found.counted,
            "query": found.query,
        }
        return told if found.limit is None else {**told, "capacity": found.limit}

    whole = part(answer.whole)
    return {
        "name": one.name,
        "title": one.title,
        "definition": one.definition,
        "unit": asked.unit,
        "entity": entities[asked.entity].plural,
        "period": answer.period.written if asked.dated else None,
        "values": whole["values"],
        "count": whole["count"],
        "query": whole["query"],
        "before": None if answer.before is None else part(answer.before)["values"],
        "parts": [part(found) for found in answer.parts],
    }


def _number(figure: Figure) -> dict[str, Any]:
    """A number as scripts get it: amounts as text of exact decimals with their currency, as everywhere."""
    from crm_tui.dashboards.reports import written
    from crm_tui.queries.lists import as_json_number

    if figure.currency:
        return {"value": written(figure) or None, "currency": figure.currency}
    return {"value": None if figure.value is None else as_json_number(figure.value)}
