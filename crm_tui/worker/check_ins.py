"""Check-ins on goals as a rule makes them: numbers are noted by themselves, people are asked for the others."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from crm_tui import clock
from crm_tui.dashboards import goals
from crm_tui.errors import CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer
from crm_tui.kpis import periods
from crm_tui.kpis.progress import WHOLE
from crm_tui.models.base import entities
from crm_tui.models.people import Operator
from crm_tui.scope import WORKER
from crm_tui.services import records
from crm_tui.services.recurring import Made
from crm_tui.text import fold


def make(op: Writer, held: Values, due: datetime) -> Made:
    """Note how far the key results of the quarter are whose number is counted, and make a task for each owner of those
    kept by hand. Raises CrmError where there are no goals."""
    day = clock.local(due).date()
    found = goals.told(WORKER, periods.of("quarter", day))
    if not found:
        raise CrmError(_("there are no goals in this quarter"))
    noted = 0
    by_hand: dict[str, list[str]] = defaultdict(list)
    for one in found:
        for result, state in one.results:
            if result.kpi or result.card is not None:
                if state.current is not None:
                    _note(op, result.id, result.confidence, state.current, min(day, clock.today()))
                    noted += 1
            elif state.progress < WHOLE:
                by_hand[fold(result.owner or one.goal.owner)].append(result.title)
    made = [_ask(op, login, titles, held, day) for login, titles in by_hand.items()]
    said = ngettext("{n} number noted", "{n} numbers noted", noted).format(n=noted)
    asked = ngettext("{n} person asked", "{n} people asked", len(made)).format(n=len(made))
    entity, record = ("task", made[0]) if made else ("objective", found[0].goal.id)
    return Made(entity, record, f"{said}, {asked}")


def _note(op: Writer, result: int, confidence: str, value: Any, day: Any) -> None:
    kind = entities["check_in"].fields["value"]
    values = {"key_result": result, "value": kind.check(round(value, 3)), "confidence": confidence, "day": day}
    records.write_new(op, entities["check_in"], values)


def _ask(op: Writer, login: str, titles: list[str], held: Values, day: Any) -> int:
    operator: Any = Operator
    row = operator.select(operator.id).where(operator.login.expression() == login).tuples().first() if login else None
    count = ngettext("Check in on {n} key result", "Check in on {n} key results", len(titles)).format(n=len(titles))
    notes = "\n".join([*(f"- {title}" for title in titles), "", _("g O shows the goals, I checks in")])
    assignee = row[0] if row else held["assignee"] or held["owner"]
    values = {"title": count, "notes": notes, "due_on": day, "assignee": assignee, "rule": held["id"]}
    return records.write_new(op, entities["task"], values)
