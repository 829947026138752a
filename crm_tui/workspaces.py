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
from crm_tui.db import APPLICATION_ID, WRITE_PATIENCE, Workspace, explain, proxy
from crm_tui.drivers import is_postgres, shown
from crm_tui.errors import CannotOpen, StorageFailed
from crm_tui.file_lock import LockTimeout
from crm_tui.i18n import _

MIGRATIONS = Path(__file__).parent / "migrations"
HISTORY = "schema_migration"
PRIVATE, SHARED = 0o600, 0o660
MIGRATION_PATIENCE = 120
"""Seconds to wait while another session brings the workspace up to date."""

_MIGRATION_LOCK = APPLICATION_ID + 1
_SQLITE_HEADER = b"SQLite format 3\x00"


def default_location() -> str:
    """Return the path of the workspace that opens when none is named."""
    return str(data_folder() / "workspace.db")


def open_workspace(
    location: str = "", *, readonly: bool = False, create: bool = True, patience: float = WRITE_PATIENCE
) -> Workspace:
    """Open, and where needed make or migrate, the workspace at a path or ``postgresql://`` address.

    ``patience`` is how many seconds a write waits for its turn. The models are bound to the workspace from then on.
    Raises CannotOpen, with the file untouched, for what is not a workspace, is newer, read-only or unreachable.
    """
    location = location or default_location()
    if is_postgres(location):
        workspace = _postgres(location, readonly, patience)
    else:
        workspace = _sqlite(location, readonly, create, patience)
    before = proxy.obj
    proxy.initialize(workspace.database)
    try:
        from crm_tui.models import custom, words  # the package registers every entity
        from crm_tui.models import workspace as kept

        _bring_up_to_date(workspace)
        custom.load(anew=True)
        words.load(anew=True)
        kept.load_currency()
    except BaseException:
        workspace.close()
        if before is not None:
            proxy.initialize(before)
        raise
    return workspace


def known_migrations() -> list[str]:
    """Return the names of this version's migrations, oldest first."""
    return sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def _sqlite(location: str, readonly: bool, create: bool, patience: float) -> Workspace:
    try:
        path = Path(location).expanduser()
        if not path.exists():
            if readonly or not create:
                raise CannotOpen(_("There is no workspace at {path}.").format(path=path))
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A folder that hands its group down is meant to be shared by several accounts.
        mode = SHARED if path.parent.stat().st_mode & stat.S_ISGID else PRIVATE
        if not path.exists():
            with contextlib.suppress(FileExistsError):  # another session was quicker
                _make_file(path, mode)
        _check_file(path, readonly)
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in the path, a home of nobody
        reason = getattr(error, "strerror", None) or error
        raise CannotOpen(
            _("The workspace {path} cannot be opened: {reason}.").format(path=location, reason=reason)
        ) from error
    return Workspace(str(path), postgres=False, readonly=readonly, file_mode=mode, patience=patience)


def _make_file(path: Path, mode: int) -> None:
    """Make an empty file with exactly this mode: SQLite gives it to the files beside it, whatever the umask."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        os.fchmod(handle, mode)
    finally:
        os.close(handle)


def _check_file(path: Path, readonly: bool) -> None:
    """Raise CannotOpen unless the file is empty, or a workspace of no newer version that may be written to."""
    if path.is_dir():
        raise CannotOpen(_("{path} is a folder, not a workspace.").format(path=path))
    not_one = _("{path} is not a crm-tui workspace. It was left untouched.").format(path=path)
    if not path.is_file():  # reading a pipe would wait for ever
        raise CannotOpen(not_one)
    header = _header(path)
    if not header and readonly:
        raise CannotOpen(_("There is no workspace at {path}: the file is empty.").format(path=path))
    if header and (header[:16] != _SQLITE_HEADER or len(header) < 100):
        raise CannotOpen(not_one)
    if header and int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise CannotOpen(
            _("{path} is a database of another program, not a crm-tui workspace. It was left untouched.").format(
                path=path
            )
        )
    # For root the mode of a file is no obstacle, but it says what its owner meant.
    writable = path.stat().st_mode & 0o222 and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if not writable and not readonly:
        raise CannotOpen(
            _("The workspace {path} is read-only for you. Open it with --readonly, or ask for its permissions.").format(
                path=path
            )
        )
    if header:
        _refuse_newer(_migrations_of(path), str(path))


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100)


def _migrations_of(path: Path) -> list[str]:
    """Read which migrations a file has had, over a connection that cannot change it."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        address += "&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=WRITE_PATIENCE)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (HISTORY,)).fetchone():
                return [name for (name,) in connection.execute(f"SELECT name FROM {HISTORY} ORDER BY name")]
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            return []  # whoever wrote last was killed: the next connection that may write puts it right first
        raise _unreadable(str(path), error) from error
    return []


def _unreadable(location: str, error: Exception) -> CannotOpen:
    return CannotOpen(
        _("The workspace {path} cannot be read: {reason}").format(path=location, reason=explain(error) or error)
    )


def _refuse_newer(applied: list[str], location: str) -> None:
    """Raise CannotOpen when a migration was applied that this version does not know."""
    newer = sorted(set(applied) - set(known_migrations()))
    if newer:
        made = _("The workspace {path} was made by a newer crm-tui (it has {name}).")
        update = _("Update the program; nothing was changed.")
        raise CannotOpen(f"{made.format(path=location, name=newer[0])} {update}")


def _postgres(location: str, readonly: bool, patience: float) -> Workspace:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise CannotOpen(
            _("A PostgreSQL workspace needs its driver: install crm-tui with the extra postgres, crm-tui[postgres].")
        ) from error
    workspace = Workspace(location, postgres=True, readonly=readonly, patience=patience)
    try:
        workspace.database.connect(reuse_if_open=True)
    except pw.PeeweeException as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        message = _("The workspace on PostgreSQL cannot be opened: {reason}.")
        raise CannotOpen(message.format(reason=_without_password(lines[0].rstrip("."), location))) from error
    encoding = workspace.database.connection().info.parameter_status("server_encoding")
    if encoding != "UTF8":
        workspace.close()
        raise CannotOpen(
            _("The database must be in UTF8 to hold every name, and {path} is in {encoding}.").format(
                path=workspace, encoding=encoding
            )
        )
    return workspace


def _without_password(text: str, location: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    text = text.replace(location, shown(location))
    with contextlib.suppress(Exception):  # an address that cannot be read: then it is quoted whole, as above
        password = conninfo_to_dict(location).get("password")
        text = text.replace(str(password), "***") if password else text
    return text


def _applied(workspace: Workspace) -> list[str]:
    """Return the migrations the workspace has had. Raises CannotOpen for a damaged file."""
    execute = workspace.database.execute_sql
    try:
        if workspace.postgres:
            exists = execute("SELECT to_regclass(%s)", (HISTORY,)).fetchone()[0]
        else:
            exists = execute("SELECT 1 FROM sqlite_master WHERE name = ?", (HISTORY,)).fetchone()
        if not exists:
            return []
        return [row[0] for row in execute(f"SELECT name FROM {HISTORY} ORDER BY name").fetchall()]
    except pw.DatabaseError as error:
        raise _unreadable(str(workspace), error) from error


_FOREIGN_TABLES = """
    SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (
        SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
"""
"""Finds a table that neither we nor an extension made."""


def _bring_up_to_date(workspace: Workspace) -> None:
    known, applied = known_migrations(), _applied(workspace)
    _refuse_newer(applied, str(workspace))
    if applied == known and _in_wal(workspace):
        return
    if workspace.readonly:
        if applied == known:
            return
        raise CannotOpen(
            _("The workspace {path} was made by an older crm-tui and must be opened once without --readonly.").format(
                path=workspace
            )
        )
    try:
        with workspace.explained(), _migration_lock(workspace):
            applied = _applied(workspace)
            if not applied:
                _refuse_foreign_tables(workspace)
            elif applied != known and workspace.path:
                _set_aside(workspace.path, applied[-1])
            _migrate(workspace)
    except StorageFailed as error:
        raise CannotOpen(str(error)) from error


def _refuse_foreign_tables(workspace: Workspace) -> None:
    """Raise CannotOpen when a PostgreSQL database that is no workspace yet is in use already."""
    if workspace.postgres and workspace.database.execute_sql(_FOREIGN_TABLES).fetchone():
        raise CannotOpen(
            _("{path} is a database of another program: it has tables already. It was left untouched.").format(
                path=workspace
            )
        )


def _in_wal(workspace: Workspace) -> bool:
    """Whether readers and writers do not wait for each other; a backup that was copied back is not in that mode."""
    if workspace.path is None:
        return True
    # Asked of SQLite and not read from the file: closing the file would let go of the locks that this process has on
    # it, and whoever else ends then takes the write-ahead log away from under us.
    return bool(workspace.database.execute_sql("PRAGMA journal_mode").fetchone()[0] == "wal")


@contextmanager
def _migration_lock(workspace: Workspace) -> Iterator[None]:
    waited = CannotOpen(
        _("Another session has been bringing {path} up to date for two minutes. Try again later.").format(
            path=workspace
        )
    )
    execute = workspace.database.execute_sql
    if not workspace.postgres:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(workspace.file_lock.hold(MIGRATION_PATIENCE))
            except LockTimeout:
                raise waited from None
            yield
        return
    execute(f"SET lock_timeout = '{MIGRATION_PATIENCE}s'")
    try:
        execute("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
    except pw.OperationalError as error:
        raise waited from error
    finally:
        execute("RESET lock_timeout")
    try:
        yield
    finally:
        with contextlib.suppress(pw.PeeweeException):  # the server lets go of it when the connection ends
            execute("SELECT pg_advisory_unlock(%s)", (_MIGRATION_LOCK,))


def _set_aside(path: Path, version: str) -> None:
    """Keep a copy of the file as it was, beside it, before it is migrated. Raises CannotOpen when there is no room."""
    name = f"{path.name}.before-{clock.now():%Y%m%d-%H%M%S}-{version}"
    names = (path.with_name(name if number == 1 else f"{name}-{number}") for number in range(1, 1000))
    target = next(free for free in names if not free.exists())
    try:
        _make_file(target, stat.S_IMODE(path.stat().st_mode))
        with contextlib.closing(sqlite3.connect(path, timeout=WRITE_PATIENCE)) as source:
            source.execute("VACUUM INTO ?", (str(target),))
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise CannotOpen(
            _("The workspace must be migrated, but a copy of it cannot be kept first: {reason}").format(
                reason=explain(error) or error
            )
        ) from error


def _migrate(workspace: Workspace) -> None:
    from playhouse.migrations import Runner

    database: Any = workspace.database
    if not workspace.postgres:
        # The mark first, while a commit still goes to the file itself: whoever looks at its first bytes finds it.
        database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute_sql("PRAGMA journal_mode = wal")
    database.may_write = True
    try:
        Runner(database, str(MIGRATIONS), table_name=HISTORY).up()
    finally:
        database.may_write = False
