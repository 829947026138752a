"""What is not as it should be with a client, in words: shown in lists, beside them and at the head of its record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_tui import clock, derived
from crm_tui.db import among, batches
from crm_tui.i18n import _
from crm_tui.models.base import entities
from crm_tui.models.people import Client

CLIENT = "client"
"""The kind whose relationships are looked after by an account manager."""


def without_manager(values: Mapping[str, Any]) -> str:
    """Return how a client lacks its account manager, "" for one that has one or has left, and for customers."""
    stage: Any = entities["client"].fields["stage"]
    if values["kind"] != CLIENT or values["owner"] is not None or stage.meaning(values["stage"]) == derived.GONE:
        return ""
    return _("team only") if values["team"] is not None else _("no manager")


def gone_quiet(values: Mapping[str, Any]) -> bool:
    """Whether an active client has been silent for so long that it had better be dormant (``derived.quiet``)."""
    return values["quiet_on"] is not None and values["quiet_on"] < clock.today()


def flags(values: Mapping[str, Any]) -> list[str]:
    """Return all that is to be said of a client with these values, the most pressing first."""
    quiet = _("gone quiet") if gone_quiet(values) else ""
    return [words for words in (without_manager(values), quiet) if words]


_READ = ("kind", "stage", "owner", "team", "quiet_on")
"""What flags follow from; the day last, which SQLite has as text."""


def in_words(clients: Sequence[int]) -> dict[int, str]:
    """Return the flags of some clients: ``! no manager``."""
    found = {client: flags(values) for client, values in _values(clients)}
    return {client: f"! {', '.join(words)}" for client, words in found.items() if words}


def without_manager_among(clients: Sequence[int]) -> int:
    """Return how many of some clients have no account manager."""
    return sum(bool(without_manager(values)) for _client, values in _values(clients))


def _values(clients: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    fields = [Client._meta.fields[name] for name in _READ]
    day: Any = Client.quiet_on
    for batch in batches(list(clients), 1000):
        query: Any = Client.select(Client.id, *fields).where(among(Client.id, batch))
        for row in Client._meta.database.execute(query).fetchall():  # past Peewee's rows: every window of a list asks
            yield row[0], {**dict(zip(_READ, row[1:], strict=True)), "quiet_on": day.python_value(row[-1])}
