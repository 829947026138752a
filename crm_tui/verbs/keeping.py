"""Verbs that keep a workspace safe: backup, restore."""

from __future__ import annotations

import contextlib
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import clock
from crm_tui.errors import BadInput, CannotOpen, CrmError, NotAllowed, NotFound, StorageFailed
from crm_tui.i18n import _, ngettext
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.db import Workspace
    from crm_tui.services.tombstones import Tombstone
    from crm_tui.verbs.copying import Fingerprints


def back_up(request: Request) -> None:
    """Write the whole workspace, attached files included, to one SQLite file, checked row by row before it gets its
    name."""
    from crm_tui.file_store import folder_of
    from crm_tui.verbs import attached, copying

    target = Path(request.options.file).expanduser().absolute()
    with request.opened() as (workspace, _actor):
        _require_writable_target(target, workspace, yes=request.options.yes)
        with _folder_beside(target) as folder:
            made = folder / "backup.db"
            if workspace.path is None:
                with _opened(made) as copy:
                    rows = copying.copy_rows(workspace, copy)
                _one_file(made)
            else:
                rows = copying.copy_file(workspace.path, made)
                _note_missing(attached.pack(made, folder_of(workspace.path)))
            made.replace(target)
    size = target.stat().st_size
    if request.json:
        printing.write_json(
            {"file": str(target), "bytes": size, "rows": {name: count for name, (count, _sum) in rows.items()}}
        )
    else:
        printing.note(_("{path}: {rows}, {size}.").format(path=target, rows=_counts(rows), size=_bytes(size)))


def _note_missing(missing: int) -> None:
    """Say that a copy lacks attached files, which were not there to be copied."""
    if missing:
        printing.note(
            ngettext(
                "{n} attachment has lost its file, so it is not in the copy; crm-tui doctor names it.",
                "{n} attachments have lost their files, so they are not in the copy; crm-tui doctor names them.",
                missing,
            ).format(n=missing)
        )


def _require_writable_target(target: Path, workspace: Workspace, *, yes: bool) -> None:
    """Raise unless ``target`` is free, or a backup that may be replaced by a newer one."""
    if target.is_dir():
        raise BadInput(_("{path} is a folder; name the file in it.").format(path=target))
    if not target.parent.is_dir():
        raise NotFound(_("There is no folder {path}.").format(path=target.parent))
    if not target.exists():
        return
    if workspace.path and target.samefile(workspace.path):
        raise BadInput(_("{path} is the workspace itself; name another file.").format(path=target))
    if not target.is_file() or not _is_workspace(target):
        raise CrmError(_("{path} is not a backup, so it is not replaced. Name another file.").format(path=target))
    in_use = target.with_name(target.name + "-lock").exists() or target.with_name(target.name + "-wal").exists()
    if in_use and not yes:
        raise CrmError(
            _("{path} is a workspace in use, not a backup. Name another file, or give --yes to replace it.").format(
                path=target
            )
        )


def _is_workspace(path: Path) -> bool:
    from crm_tui.db import APPLICATION_ID

    with path.open("rb") as file:
        header = file.read(100)
    return header[:16] == b"SQLite format 3\x00" and int.from_bytes(header[68:72], "big") == APPLICATION_ID


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A folder of our own on the same disk as ``target``, gone at the end, so that a rename puts the file in place."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise StorageFailed(
            _("{path} cannot be written: {reason}.").format(path=target, reason=error.strerror or error)
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _opened(path: Path) -> Iterator[Workspace]:
    """Open a second workspace; what the models are bound to is the same again afterwards."""
    from crm_tui import db
    from crm_tui.workspaces import open_workspace

    before = db.proxy.obj
    try:
        workspace = open_workspace(str(path))
        try:
            with workspace.explained():
                yield workspace
        finally:
            workspace.close()
    finally:
        if before is not None:
            db.proxy.initialize(before)


def _one_file(path: Path) -> None:
    """Close a SQLite workspace for good: everything in the one file, readable from a read-only disk."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = delete")


def restore(request: Request) -> int | None:
    """Give the workspace the contents of a backup, or of a workspace's file with the folder of its attached files
    beside it; what a SQLite workspace held is set aside first."""
    from crm_tui.drivers import is_postgres

    source = Path(request.options.file).expanduser().absolute()
    if not source.is_file():
        raise NotFound(_("There is no file {path}.").format(path=source))
    if request.readonly:
        raise NotAllowed(_("Not allowed: {reason}.").format(reason=_("this session was opened with --readonly")))
    target = None if is_postgres(request.location) else Path(request.location).expanduser().absolute()
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists() and target.samefile(source):
            raise BadInput(_("{path} is the workspace itself; name a backup of it.").format(path=source))
    with _read_backup(source, target) as (backup, rows):
        if not _may_replace(request, target):
            printing.note(_("Nothing was changed."))
            return 1
        aside = None
        erased = _erase_again(request, backup, source, target)
        if target is None:
            _into_postgres(request, backup)
        else:
            aside = _into_file(request, backup, target)
            _keep_erased(target, erased.known)
    if erased.again:
        printing.note(
            ngettext(
                "{n} person who was erased since that backup was made was erased again.",
                "{n} people who were erased since that backup was made were erased again.",
                erased.again,
            ).format(n=erased.again)
        )
    if request.json:
        counts = {name: count for name, (count, _sum) in rows.items()}
        printing.write_json({"rows": counts, "set_aside": str(aside) if aside else None, "erased_again": erased.again})
        return None
    printing.note(_("Restored {rows} from {path}.").format(rows=_counts(rows), path=source))
    if aside:
        printing.note(_("What was here before is in {path}.").format(path=aside))
    return None


@contextmanager
def _read_backup(source: Path, target: Path | None) -> Iterator[tuple[Workspace, Fingerprints]]:
    """Open a checked copy of a backup, brought up to date; the backup itself is not touched. Raises CannotOpen."""
    from crm_tui.file_store import folder_of
    from crm_tui.verbs import attached, copying

    with contextlib.ExitStack() as stack:
        if target is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crm-tui-")))
        else:
            folder = stack.enter_context(_folder_beside(target))
        copy = folder / source.name
        if not _is_workspace(source):
            raise CannotOpen(_("{path} is not a backup of a crm-tui workspace.").format(path=source))
        try:
            copying.copy_file(source, copy)
            workspace = stack.enter_context(_opened(copy))
        except (CannotOpen, StorageFailed) as error:
            raise CannotOpen(str(error).replace(str(copy), str(source))) from error
        _note_missing(attached.pack(copy, folder_of(source)))
        yield workspace, copying.fingerprints(workspace)


def _may_replace(request: Request, target: Path | None) -> bool:
    """Whether the present contents may go: the operator is an admin and said yes where they were asked."""
    from crm_tui.verbs import copying

    if target is not None and not target.exists():
        return True
    try:
        with request.opened_unsigned() as workspace:
            _require_admin(request, workspace)
            filled = copying.has_records(workspace)
            name = str(workspace.path or _("the PostgreSQL workspace"))
    except (CannotOpen, StorageFailed):
        if target is None or not _is_damaged(target):
            raise
        return True  # a restore is what it needs; the file is set aside
    if not filled or request.options.yes:
        return True
    question = _("{name} is not empty. Replace everything in it, for everyone who works there?").format(name=name)
    if printing.can_ask():
        return printing.confirmed(question, yes=False)
    if target is None:
        raise CrmError(_("{name} is not empty; give --yes to replace everything in it.").format(name=name))
    return True


def _is_damaged(path: Path) -> bool:
    """Whether a file is a workspace that SQLite cannot read any more."""
    import sqlite3

    if not _is_workspace(path):
        return False
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.DatabaseError:
        return True


def _require_admin(request: Request, workspace: Workspace) -> None:
    from crm_tui.models.base import entities
    from crm_tui.services.operators import sign_in

    if not entities["operator"].model.select().exists():
        return
    actor = sign_in(workspace, request.login)
    if actor.role != "admin":
        raise NotAllowed(
            _("Not allowed: only an admin restores a workspace, and {login} is none.").format(login=actor.login)
        )


@dataclass(frozen=True, slots=True)
class _Erased:
    """Who was erased, as far as is known in either place, and how many of them the backup still held."""

    known: list[Tombstone]
    again: int


def _erase_again(request: Request, backup: Workspace, source: Path, target: Path | None) -> _Erased:
    """Erase from the copy of a backup whoever was erased since it was made, before anybody works with it."""
    from crm_tui.services import erasing, tombstones
    from crm_tui.verbs import copying

    known = tombstones.beside(source)
    if target is None or target.exists():
        with contextlib.suppress(CannotOpen, StorageFailed), request.opened_unsigned():
            known += tombstones.standing()  # a damaged workspace has its file beside it
    if target is not None:
        known += tombstones.beside(target)
    with copying.bound(backup), backup.explained():
        again = erasing.erase_again(backup, known)
        return _Erased([*known, *tombstones.standing()], again)


def _keep_erased(target: Path, known: list[Tombstone]) -> None:
    from crm_tui.services import tombstones

    problem = tombstones.keep(target, stat.S_IMODE(target.stat().st_mode), known)
    if problem:
        printing.note(_("Restoring an older backup would not erase again: {reason}").format(reason=problem))


def _into_postgres(request: Request, backup: Workspace) -> None:
    from crm_tui.verbs import copying

    with request.opened_unsigned(create=True) as workspace:
        copying.copy_rows(backup, workspace)


def _into_file(request: Request, backup: Workspace, target: Path) -> Path | None:
    """Write a backup over a SQLite workspace, and return where what was there is now."""
    from crm_tui.verbs import copying

    aside = _set_aside(request, target) if target.exists() else None
    assert backup.path is not None
    with request.opened_unsigned(create=True) as workspace:
        backup.close()
        _unpack(backup.path, workspace)
        with copying.bound(backup):
            rows = copying.fingerprints(backup)
        backup.close()
        _one_file(backup.path)
        with workspace.file_lock.hold(120):
            workspace.close()
            copying.overwrite(backup.path, target)
            copying.require_equal(rows, copying.fingerprints(workspace))
    return aside


def _unpack(backup: Path, workspace: Workspace) -> None:
    """Put the files of a backup beside the workspace, before any record refers to them."""
    from crm_tui.file_store import folder_of
    from crm_tui.verbs import attached

    assert workspace.path is not None
    folder = folder_of(workspace.path)
    try:
        attached.unpack(backup, folder, workspace.file_lock.mode)
    except OSError as error:
        raise StorageFailed(
            _("Nothing was restored: {path} cannot be written ({reason}).").format(
                path=folder, reason=error.strerror or error
            )
        ) from error


def _set_aside(request: Request, target: Path) -> Path:
    """Keep what is there: a copy with its attached files where it can be read, the very file where it is damaged."""
    from crm_tui.file_store import folder_of
    from crm_tui.verbs import attached, copying

    names = (
        f"{target.name}.before-{clock.now():%Y%m%d-%H%M%S}-restore{mark}" for mark in ("", *map(str, range(2, 1000)))
    )
    aside = next(path for path in map(target.with_name, names) if not path.exists())
    mode = stat.S_IMODE(target.stat().st_mode)
    try:
        copying.copy_file(target, aside)
        attached.pack(aside, folder_of(target))
    except StorageFailed:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                target.with_name(target.name + suffix).rename(aside.with_name(aside.name + suffix))
    aside.chmod(mode)
    return aside


def _counts(rows: Fingerprints) -> str:
    from crm_tui.formats import whole
    from crm_tui.models.base import entities

    names: dict[str, Any] = {entity.name: _(entity.label_plural) for entity in entities.values()}
    listed = [f"{whole(count)} {names[name]}" for name, (count, _sum) in rows.items() if name in names and count]
    return ", ".join(listed) or _("no records")


def _bytes(size: int) -> str:
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size //= 1000 if unit != "MB" else 1
    return f"{size:.0f} MB" if size < 10_000 else f"{size / 1000:.1f} GB"
