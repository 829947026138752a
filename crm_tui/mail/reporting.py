"""Reports by e-mail: a recurring rule tells a dashboard's numbers to a team, or to one person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crm_tui import clock
from crm_tui.dashboards import finding, reports, shipped
from crm_tui.errors import CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer
from crm_tui.kpis import periods
from crm_tui.models.base import entities
from crm_tui.models.people import Membership, Operator
from crm_tui.scope import WORKER
from crm_tui.services import records
from crm_tui.services.recurring import Made

_USUAL = "last-week"


def make(op: Writer, held: Values, due: datetime) -> Made:
    """Queue what a dashboard told when the rule was due, one message for each person. Raises CrmError where nobody has
    an address."""
    board = finding.named(WORKER, held["dashboard"] or shipped.SHIPPED[0].name)
    people = list(_people(held))
    if not people:
        raise CrmError(_("nobody to whom the report goes has an e-mail address"))
    period = periods.read(held["period"] or _USUAL, clock.local(due).date())
    body = reports.text(board, period, reports.tell(WORKER, board, period))
    message = {"subject": held["title"] or reports.title(board, period), "body": body, "owner": held["owner"]}
    made = [records.write_new(op, entities["message"], {**message, "to": address}) for address in people]
    said = ngettext("report to {n} person", "report to {n} people", len(made)).format(n=len(made))
    return Made("message", made[0], said)


def _people(held: Values) -> Iterator[str]:
    """The addresses of the members of the rule's team, else of its assignee or owner, who are still here."""
    operator: Any = Operator
    wanted = operator.id == (held["assignee"] or held["owner"] or 0)
    if held["team"] is not None:
        member: Any = Membership
        in_team = (member.team == held["team"]) & member.archived_at.is_null()
        wanted = operator.id.in_(member.select(member.operator).where(in_team))
    here = wanted & operator.active & operator.archived_at.is_null() & (operator.email != "")
    for (address,) in operator.select(operator.email).where(here).order_by(operator.id).tuples():
        yield address
