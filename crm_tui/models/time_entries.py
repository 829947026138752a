"""Time that was worked: booked by hand, or by a timer that runs."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import Day, Flag, Minutes, Moment, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity
from crm_tui.models.orders import Order
from crm_tui.models.people import Client, Operator
from crm_tui.models.tasks import Task


@entity(
    "time_entry",
    "time_entries",
    label=N_("time entry"),
    label_plural=N_("time entries"),
    title="note",
    order="-day",
    columns=("day", "operator", "minutes", "note", "order", "task", "client", "billable"),
    search=("note",),
    unique=("external_id",),
    indexed=("day", "operator", "order", "task", "client", "external_id"),
    aliases=("time", "times", "booking", "bookings"),
    told_with=("order", "task", "client"),
    discussed=False,
    impersonal=("external_id",),
)
class TimeEntry(Record):
    """How long somebody worked on something on a day; without minutes, a timer that runs."""

    day: Any = Day(N_("Day"), width=12, aliases=("on", "date"), help=N_("Empty: today"))
    operator: Any = Reference(Operator, N_("Operator"), index=False, width=9, help=N_("Empty: you"))
    minutes: Any = Minutes(N_("Time"), width=7, aliases=("time", "duration"), help=N_("Like 1h30, 45m or 1.5h"))
    note: Any = Text(N_("Note"), longest=300, width=36)
    order: Any = Reference(Order, N_("Order"), index=False, width=10)
    task: Any = Reference(Task, N_("Task"), index=False, width=24)
    client: Any = Reference(Client, N_("Client"), index=False, width=22, help=N_("Empty: that of the order or task"))
    billable: Any = Flag(N_("Billable"), default=True, width=8)
    started_at: Any = Moment(N_("Running since"), ruled=True, width=13, aliases=("started",))
    external_id: Any = Text(N_("External id"), longest=100, width=12)
