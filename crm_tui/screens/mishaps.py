"""What nobody foresaw: one line for the operator, the rest for the log."""

from __future__ import annotations

from crm_tui import logs
from crm_tui.i18n import _


def told(error: BaseException, doing: str) -> str:
    """Write an unforeseen error to the log and return what to say of it."""
    path = logs.record_crash(error, doing)
    what = _("Something went wrong that should not have ({kind}).").format(kind=type(error).__name__)
    return f"{what} " + (_("The details are in {path}.").format(path=path) if path else _("It could not be logged."))
