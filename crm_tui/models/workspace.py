"""What the workspace keeps for itself: settings, saved views, who is here."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui import formats
from crm_tui.fields import Flag, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entity
from crm_tui.models.people import Operator


@entity(
    "saved_view",
    "saved_views",
    label=N_("saved view"),
    label_plural=N_("saved views"),
    columns=("name", "screen", "query", "owner", "shared"),
    unique=("name",),
    aliases=("view", "views"),
    discussed=False,
    bound=True,
)
class SavedView(Record):
    """A query, sort and choice of columns kept under a name; private to its owner unless shared."""

    name: Any = Text(N_("Name"), required=True, longest=60, width=24)
    screen: Any = Text(N_("Screen"), required=True, longest=40, width=12)
    query: Any = Text(N_("Query"), longest=2000, width=40)
    columns: Any = Text(N_("Columns"), longest=1000, width=30, help=N_("Field names separated by commas"))
    owner: Any = Reference(Operator, N_("Owner"), width=10)
    shared: Any = Flag(N_("Shared"), width=6)


@entity(
    "setting",
    "settings",
    label=N_("setting"),
    label_plural=N_("settings"),
    title="key",
    columns=("key", "value"),
    unique=("key",),
    admin=True,
    discussed=False,
    bound=True,
)
class Setting(Record):
    """One setting of the workspace."""

    key: Any = Text(
        N_("Key"), required=True, longest=100, unique=True, width=24,
        help=N_("name, currency, holidays, working_days, working_hours, mail.server, mail.from, mail.user ..."),
    )  # fmt: skip
    value: Any = Text(N_("Value"), longest=10_000, width=50)


CURRENCY = "currency"
"""The setting that says of what currency amounts are that do not say it themselves (ISO 4217)."""


def setting(key: str, default: str = "") -> str:
    """Return the value of a setting, or ``default`` where there is none."""
    row = Setting.select(Setting.value).where((Setting.key == key) & Setting.archived_at.is_null()).tuples().first()
    return str(row[0]) if row else default


def load_currency() -> None:
    """Let amounts be of the open workspace's currency unless they say another."""
    formats.use_currency(setting(CURRENCY).strip().upper())


class Presence(Row):
    """A session that is open now. Not journalled: it says who is here, nothing about the business."""

    session: Any = pw.TextField(unique=True)
    login: Any = pw.TextField()
    screen: Any = pw.TextField(default="")
    seen_at: Any = pw.DateTimeField()
