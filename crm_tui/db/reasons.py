"""What the storage says, in words a person can act on."""

from __future__ import annotations

import errno
import sqlite3

from crm_tui.i18n import _

_DRIVERS = ("peewee", "sqlite3", "psycopg")

_SQLITE = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_CANTOPEN: "disk",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_INTERRUPT: "stopped",
    sqlite3.SQLITE_NOMEM: "memory",
}
# The first characters of PostgreSQL's codes (SQLSTATE), the longest that fits counts.
_POSTGRES = {
    "55P03": "busy",
    "40P01": "busy",
    "40001": "busy",
    "53100": "full",
    "53200": "memory",
    "53": "gone",
    "25006": "readonly",
    "42501": "forbidden",
    "57014": "stopped",
    "57P": "gone",
    "08": "gone",
    "58": "disk",
    "XX001": "damaged",
    "XX002": "damaged",
}
_SYSTEM = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
    errno.EIO: "disk",
}


def from_storage(error: BaseException) -> bool:
    """Whether the database or its driver raised this, for another reason than that a value broke a constraint."""
    names = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in _DRIVERS}
    return bool(names & {"Error", "PeeweeException"}) and "IntegrityError" not in names


def explain(error: BaseException, patience: float = 30.0) -> str | None:
    """Return what a database error means in the user's words, or None when it is not about the storage.

    ``patience`` is how many seconds were waited for a lock.
    """
    kind = _kind(error)
    if kind == "busy":
        return busy(patience)
    if kind == "full":
        return _("Nothing was saved: the disk is full. Make room and try again; what you typed is kept.")
    if kind == "readonly":
        return _("Nothing was saved: the workspace is read-only. Check the permissions of its file and folder.")
    if kind == "stopped":
        return _("The query was stopped.")
    reason = _reason(error)
    if kind == "forbidden":
        return _("Nothing was saved: the database server does not permit it ({reason}).").format(reason=reason)
    if kind == "disk":
        return _("The workspace's disk does not answer: {reason}. What you typed is kept.").format(reason=reason)
    if kind == "memory":
        return _("There is not enough memory for this: {reason}. Nothing was saved.").format(reason=reason)
    if kind == "damaged":
        return _("The workspace's file is damaged: {reason}. Run crm-tui doctor, or restore a backup.").format(
            reason=reason
        )
    if kind == "gone":
        return _("The database server does not answer: {reason}. Nothing was lost; try again.").format(reason=reason)
    return None


def busy(patience: float) -> str:
    """Return what is said when the turn to write did not come."""
    return _(
        "Nothing was saved: another session has kept the workspace locked for {seconds} seconds. Try again in a moment."
    ).format(seconds=f"{patience:g}")


def _kind(error: BaseException) -> str:
    """Say what sort of failure this is, looking through what Peewee and a failed rollback wrapped round it."""
    waiting: list[BaseException | None] = [error]
    found = ""
    for _step in range(12):
        known = waiting.pop(0) if waiting else None
        if known is not None:
            kind = _own_kind(known)
            # What is said last of a lost connection is only that it is lost; why may stand further back.
            if kind not in ("", "gone"):
                return kind
            found = found or kind
            # Peewee keeps the driver's error as ``orig``.
            waiting += [getattr(known, "orig", None), known.__cause__, known.__context__]
    return found


def _own_kind(error: BaseException) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, "")
    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        return _SYSTEM.get(error.errno or 0, "")
    if type(error).__module__.partition(".")[0] != "psycopg":
        return ""
    state = getattr(error, "sqlstate", None)
    if state:
        return next((_POSTGRES[state[:n]] for n in (5, 3, 2) if state[:n] in _POSTGRES), "")
    # Without a code it comes from the driver: the connection could not be made, or is no more.
    return "gone" if type(error).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout") else ""


def _reason(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    lines = str(getattr(original, "strerror", None) or original).strip().splitlines()
    return (lines[0] if lines else type(original).__name__).rstrip(".")
