"""Opening a workspace: made on first use, checked, migrated under a lock after its old file was set aside."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee as pw

from crm_tui import clock
from crm_tui.config import data_folder
from crm_tui.db import APPLICATION_ID, Workspace, explain, proxy
from crm_tui.drivers import is_postgres
from crm_tui.errors import CannotOpen
from crm_tui.file_lock import LockTimeout
from crm_tui.i18n import _

MIGRATIONS = Path(__file__).parent / "migrations"
HISTORY = "schema_migration"
PRIVATE, SHARED = 0o600, 0o660


def default_location() -> str:
    """Return the path of the workspace that opens when none is named."""
    return str(data_folder() / "workspace.db")


def open_workspace(location: str = "", *, readonly: bool = False, create: bool = True) -> Workspace:
    """Open, and where needed make or migrate, the workspace at a path or ``postgresql://`` address.

    Raises CannotOpen, with the file untouched, for what is not a workspace, is newer, read-only or unreachable.
    """
    location = location or default_location()
    workspace = _postgres(location, readonly) if is_postgres(location) else _sqlite(location, readonly, create)
    proxy.initialize(workspace.database)
    try:
        import crm_tui.models  # noqa: F401  # registers every entity

        _bring_up_to_date(workspace)
    except BaseException:
        workspace.close()
        raise
    return workspace


def known_migrations() -> list[str]:
    """Return the names of this version's migrations, oldest first."""
    return sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def _sqlite(location: str, readonly: bool, create: bool) -> Workspace:
    path = Path(location).expanduser()
    mode = PRIVATE
    try:
        if not path.exists():
            if readonly or not create:
                raise CannotOpen(_("There is no workspace at {path}.").format(path=path))
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.parent.stat().st_mode & stat.S_ISGID:
            mode = SHARED  # a folder that hands its group down is meant to be shared by several accounts
        if not path.exists():
            _make_file(path, mode)
        else:
            _check_file(path, readonly)
    except OSError as error:
        raise CannotOpen(
            _("The workspace {path} cannot be opened: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    return Workspace(str(path), postgres=False, readonly=readonly, file_mode=mode)


def _make_file(path: Path, mode: int) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, mode)
    try:
        os.fchmod(handle, mode)  # before SQLite opens it: -wal and -shm inherit the mode, whatever the umask
    finally:
        os.close(handle)


def _check_file(path: Path, readonly: bool) -> None:
    """Raise CannotOpen unless the file is empty or a workspace that this may be written to."""
    if path.is_dir():
        raise CannotOpen(_("{path} is a folder, not a workspace.").format(path=path))
    with path.open("rb") as file:
        header = file.read(100)
    if header and (header[:16] != b"SQLite format 3\x00" or len(header) < 100):
        raise CannotOpen(_("{path} is not a crm-tui workspace. It was left untouched.").format(path=path))
    if header and int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise CannotOpen(
            _("{path} is a database of another program, not a crm-tui workspace. It was left untouched.").format(path=path)
        )
    writable = path.stat().st_mode & 0o222 and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if not writable and not readonly:
        raise CannotOpen(
            _("The workspace {path} is read-only for you. Open it with --readonly, or ask for its permissions.").format(
                path=path
            )
        )


def _postgres(location: str, readonly: bool) -> Workspace:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise CannotOpen(
            _("A PostgreSQL workspace needs its driver: install crm-tui with the extra postgres, crm-tui[postgres].")
        ) from error
    workspace = Workspace(location, postgres=True, readonly=readonly)
    try:
        workspace.database.connect(reuse_if_open=True)
    except (pw.OperationalError, pw.InterfaceError, pw.ProgrammingError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CannotOpen(
            _("The workspace on PostgreSQL cannot be opened: {reason}.").format(reason=_without_password(reason, location))
        ) from error
    return workspace


def _without_password(text: str, location: str) -> str:
    _user, _at, _rest = location.partition("://")[2].rpartition("@")[0].partition(":")
    password = _rest
    return text.replace(password, "***") if password else text


def _applied(workspace: Workspace) -> list[str]:
    """Return the migrations the workspace has had. A damaged or foreign file raises CannotOpen."""
    database = workspace.database
    try:
        if workspace.postgres:
            exists = database.execute_sql("SELECT to_regclass(%s)", (HISTORY,)).fetchone()[0]
        else:
            exists = database.execute_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (HISTORY,)).fetchone()
        if not exists:
            return []
        return [row[0] for row in database.execute_sql(f"SELECT name FROM {HISTORY} ORDER BY name").fetchall()]
    except pw.DatabaseError as error:
        reason = explain(error) or str(error)
        raise CannotOpen(
            _("The workspace {path} cannot be read: {reason}").format(path=workspace, reason=reason)
        ) from error


def _bring_up_to_date(workspace: Workspace) -> None:
    known, applied = known_migrations(), _applied(workspace)
    newer = [name for name in applied if name not in known]
    if newer:
        raise CannotOpen(
            _("The workspace {path} was made by a newer crm-tui (it has {name}). Update the program; nothing was changed.")
            .format(path=workspace, name=newer[0])
        )  # fmt: skip
    if applied == known:
        return
    if workspace.readonly:
        raise CannotOpen(
            _("The workspace {path} was made by an older crm-tui and must be opened once without --readonly.").format(
                path=workspace
            )
        )
    with _migration_lock(workspace):
        applied = _applied(workspace)
        if applied != known:
            if applied and workspace.path:
                _set_aside(workspace.path, applied[-1])
            _migrate(workspace)


@contextmanager
def _migration_lock(workspace: Workspace) -> Iterator[None]:
    if workspace.postgres:
        workspace.database.execute_sql("SELECT pg_advisory_lock(%s)", (APPLICATION_ID + 1,))
        try:
            yield
        finally:
            with contextlib.suppress(pw.DatabaseError):
                workspace.database.execute_sql("SELECT pg_advisory_unlock(%s)", (APPLICATION_ID + 1,))
        return
    try:
        with workspace.file_lock.hold(120):
            yield
    except LockTimeout:
        raise CannotOpen(
            _("Another session has been bringing {path} up to date for two minutes. Try again later.").format(
                path=workspace
            )
        ) from None


def _set_aside(path: Path, version: str) -> None:
    """Keep a copy of the file as it was, beside it, before it is migrated."""
    target = path.with_name(f"{path.name}.before-{clock.now():%Y%m%d-%H%M%S}-{version}")
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    target.chmod(stat.S_IMODE(path.stat().st_mode))


def _migrate(workspace: Workspace) -> None:
    from playhouse.migrations import Runner

    database: Any = workspace.database
    if not workspace.postgres:
        database.execute_sql("PRAGMA journal_mode = wal")
        database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    database.may_write = True
    try:
        with workspace.explained():
            Runner(database, str(MIGRATIONS), table_name=HISTORY).up()
    finally:
        database.may_write = False
