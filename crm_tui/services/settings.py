"""The workspace's settings: what each must be, and what follows when one is changed."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui import recurring, worktime
from crm_tui.errors import InvalidRecord
from crm_tui.fields import Currency
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.workspace import CURRENCY, Setting
from crm_tui.services import mail_settings, outbox
from crm_tui.services.rules import consequence, rule

CHECKS: dict[str, Callable[[str], str]] = {
    CURRENCY: lambda text: str(Currency().check(text)),
    recurring.HOLIDAYS: lambda text: ", ".join(worktime.read_holidays(text)),
    recurring.WORKING_DAYS: lambda text: worktime.days_text(worktime.read_days(text)),
    recurring.WORKING_HOURS: lambda text: worktime.hours_text(worktime.read_hours(text)),
    **mail_settings.CHECKS,
}
"""Settings that are not any text: returns the value tidied, or raises ValueError with a plain reason."""


@rule("setting", "key", "value")
def one_value(writer: Writer, record: int | None, values: Values) -> None:
    """A setting is there once, and is what it must be."""
    same = Setting.select().where((Setting.key == values["key"]) & (Setting.id != (record or 0)))
    if same.exists():
        raise InvalidRecord({"key": _('there is already a setting "{key}"').format(key=values["key"])})
    if values["key"] in CHECKS:
        try:
            values["value"] = CHECKS[values["key"]](values["value"])
        except ValueError as error:
            raise InvalidRecord({"value": str(error)}) from error


@consequence("setting")
def mail_is_tried_again(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """Whoever names a server for the first time means this workspace; other settings of mail are tried at once."""
    if values["key"] == mail_settings.SERVER and before is None and not outbox.decided():
        outbox.allow(writer.workspace)
    elif values["key"].startswith("mail."):
        outbox.try_again()
