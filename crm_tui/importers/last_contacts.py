"""The last contacts in rows of clients. None is ever typed, so one that is newer than what is known becomes an
interaction, which it then follows from like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_tui import clock
from crm_tui.i18n import _
from crm_tui.journal import Writer
from crm_tui.models.base import Entity, entities

if TYPE_CHECKING:
    from crm_tui.importers.deciding import Intent

FIELD = "last_contact"
"""The field of clients that a column may be mapped to although it is derived."""

_DIRECTION = "both"
"""What a contact of which only the day is known counts as: it was one, and they were heard."""


def told_by(entity: Entity, mapped: Sequence[str]) -> bool:
    """Whether the fields a file is mapped to tell of last contacts."""
    return entity.name == "client" and FIELD in mapped


def take(intent: Intent) -> None:
    """Take the last contact out of the values of a row that was read; rejects the row when it is still to come."""
    assert intent.row is not None and intent.values is not None
    intent.values = {name: value for name, value in intent.values.items() if name != FIELD}
    intent.row.cleared = [target for target in intent.row.cleared if target.field != FIELD or target.person]
    intent.contact_at = intent.row.values.get(FIELD)
    if intent.contact_at is not None and intent.contact_at > clock.now() + timedelta(hours=1):
        intent.row.problems.append(_("the last contact is still to come; what is planned is the follow-up"))


def forget_known(intent: Intent) -> None:
    """Forget the last contact of a row whose client has had that one, or a later one."""
    known = (intent.before or {}).get(FIELD)
    if intent.contact_at is not None and known is not None and intent.contact_at <= known:
        intent.contact_at = None


def write(writer: Writer, file: str, intents: Sequence[Intent]) -> None:
    """Write the interactions that the rows tell of, with the client's owner if the row names one."""
    interaction, subject = entities["interaction"], _("Last contact as noted in {file}").format(file=file)
    rows = [
        {
            "client": intent.record,
            "at": intent.contact_at,
            "channel": interaction.fields["channel"].initial,
            "direction": _DIRECTION,
            "subject": subject[:300],
            "operator": (intent.values or {}).get("owner") or writer.actor.operator_id,
        }
        for intent in intents
        if intent.contact_at is not None
    ]
    writer.create_many(interaction, rows)
