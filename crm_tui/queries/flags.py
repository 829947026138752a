"""What is not as it should be with a client, in words: shown in lists, beside them and at the head of its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_tui import clock
from crm_tui.db import among
from crm_tui.i18n import _
from crm_tui.models.people import Client

CLIENT = "client"
"""The kind whose relationships are looked after by an account manager."""


def without_manager(values: Mapping[str, Any]) -> str:
    """Return how a client lacks its account manager, "" for one that has one, and for customers."""
    if values["kind"] != CLIENT or values["owner"] is not None:
        return ""
    return _("team only") if values["team"] is not None else _("no manager")


def gone_quiet(values: Mapping[str, Any]) -> bool:
    """Whether an active client has been silent for so long that it had better be dormant (``derived.quiet``)."""
    return values["quiet_on"] is not None and values["quiet_on"] < clock.today()


def flags(values: Mapping[str, Any]) -> list[str]:
    """Return all that is to be said of a client with these values, the most pressing first."""
    quiet = _("gone quiet") if gone_quiet(values) else ""
    return [words for words in (without_manager(values), quiet) if words]


_READ = ("kind", "owner", "team", "quiet_on")


def in_words(clients: Sequence[int]) -> dict[int, str]:
    """Return the flags of some clients: ``! no manager``."""
    fields = [Client._meta.fields[name] for name in _READ]
    query: Any = Client.select(Client.id, *fields).where(among(Client.id, clients))
    found = {row[0]: flags(dict(zip(_READ, row[1:], strict=True))) for row in query.tuples()}
    return {client: f"! {', '.join(words)}" for client, words in found.items() if words}
