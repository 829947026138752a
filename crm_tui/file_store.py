"""The contents of attached files: kept under random names, whole or not at all.

A SQLite workspace keeps them in a folder beside it, ``<workspace>.files``, with the permissions of the workspace's
file. A PostgreSQL workspace keeps them in the database: its app servers need share no disk then, and whoever backs the
database up has them too. The file that ``backup`` writes holds them as a PostgreSQL workspace does, so it stays one
file, and a backup that is opened finds them there. What undo takes away stays kept, for redo;
what is erased with a person goes.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from crm_tui import whole_files
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, NotFound, StorageFailed
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.models.files import AttachedContent
from crm_tui.text import quoted

PIECE = 256 * 1024
"""Bytes of one row, or of one read."""


@dataclass
class Incoming:
    """A file on its way in."""

    stored: str
    """The random name it is kept under."""
    size: int = 0
    _spooled: IO[bytes] | None = field(default=None, repr=False)

    def arrive(self, workspace: Workspace) -> None:
        """Let it be part of the transaction that is open, where contents are kept in the database."""
        if self._spooled is not None:
            self._spooled.seek(0)
            rows = ((self.stored, part, piece) for part, piece in enumerate(pieces(self._spooled)))
            workspace.insert_rows("attached_content", ("stored", "part", "content"), rows)


def folder_of(location: str | Path) -> Path:
    """Return the folder of the files of the SQLite workspace at a path."""
    return Path(os.path.realpath(location) + ".files")


@contextmanager
def incoming(workspace: Workspace, source: Path, most: int) -> Iterator[Incoming]:
    """Take in a file of at most ``most`` bytes; the block writes what refers to it. When that raises, nothing is left.

    Raises BadInput for what is no file or too large, StorageFailed when the disk refuses.
    """
    file = Incoming(os.urandom(16).hex())
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(_opened(source, most))
        if workspace.path is None:
            with _refused(Path(tempfile.gettempdir())):
                file._spooled = stack.enter_context(tempfile.TemporaryFile())
                file.size = _copy(opened, file._spooled, source, most)
            yield file
            return
        folder = folder_of(workspace.path)
        kept = folder / file.stored
        with _refused(kept):
            make_folder(folder, workspace.file_lock.mode)
            with writing(kept, workspace.file_lock.mode) as target:
                file.size = _copy(opened, target, source, most)
        try:
            yield file
        except BaseException:
            kept.unlink(missing_ok=True)
            raise


@contextmanager
def _opened(source: Path, most: int) -> Iterator[IO[bytes]]:
    name = quoted(source.name or source)
    try:
        mode = source.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadInput(_("{name} is a folder; name a file.").format(name=name))
        if not stat.S_ISREG(mode):
            raise BadInput(_("{name} is not a file.").format(name=name))  # reading a pipe would wait for ever
        file = source.open("rb")
    except FileNotFoundError:
        raise BadInput(_("There is no file {path}.").format(path=quoted(source, 300))) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(_("{path} cannot be read: {reason}.").format(path=quoted(source, 300), reason=reason)) from error
    with file:
        _require_small(os.fstat(file.fileno()).st_size, source, most)
        yield file


def _require_small(size: int, source: Path, most: int) -> None:
    if size > most:
        raise BadInput(
            _("{name} is too large: {size} of at most {most} MB. An admin changes that: {setting}.").format(
                name=quoted(source.name), size=whole(-(-size // 1_000_000)), most=whole(most // 1_000_000),
                setting="attachment_limit_mb",
            )
        )  # fmt: skip


def _copy(source: IO[bytes], target: IO[bytes], path: Path, most: int) -> int:
    size = 0
    for piece in pieces(source):
        size += len(piece)
        _require_small(size, path, most)  # it may grow while it is read
        target.write(piece)
    return size


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what a file holds, piece by piece."""
    while piece := file.read(PIECE):
        yield piece


def make_folder(folder: Path, file_mode: int) -> None:
    """Make the folder of a workspace's files, as private or as shared with its group as its own file is."""
    if not folder.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o2770 if file_mode & 0o060 else 0o700)


@contextmanager
def writing(path: Path, mode: int) -> Iterator[IO[bytes]]:
    """Write a file beside its place and put it there, safe from a power cut, when the block ends well."""
    unfinished = whole_files.unfinished(path)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            yield file
            file.flush()
            os.fsync(handle)
        whole_files.put_in_place(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFailed(
            _("Nothing was saved: {path} cannot be written ({reason}).").format(
                path=path, reason=error.strerror or error
            )
        ) from error


def read(workspace: Workspace, stored: str) -> Iterator[bytes]:
    """Yield the contents kept under a name, piece by piece. Raises NotFound when they are not there any more."""
    if not stored:
        raise NotFound(_("The contents of this file were erased."))
    if workspace.path is not None:
        try:
            file = (folder_of(workspace.path) / Path(stored).name).open("rb")
        except FileNotFoundError:
            pass  # in a backup that is opened they are inside
        except OSError as error:
            raise StorageFailed(
                _("The file cannot be read: {reason}.").format(reason=error.strerror or error)
            ) from error
        else:
            with file:
                yield from pieces(file)
            return
    parts: Any = AttachedContent.select(AttachedContent.id).where(AttachedContent.stored == stored)
    ids = [row[0] for row in parts.order_by(AttachedContent.part).tuples()]
    if not ids and not _is_empty(stored):
        raise NotFound(
            _("The contents of this file are gone: {name} was deleted from the disk. A backup may have it.").format(
                name=stored
            )
        )
    for one in ids:
        content: Any = AttachedContent.select(AttachedContent.content).where(AttachedContent.id == one)
        yield bytes(content.tuples().first()[0])


def _is_empty(stored: str) -> bool:
    """Whether an empty file was attached under this name: of it no piece is kept in a database."""
    from crm_tui.models.files import Attachment

    return Attachment.select().where((Attachment.stored == stored) & (Attachment.size == 0)).exists()


def save_copy(workspace: Workspace, stored: str, target: Path) -> None:
    """Write the contents kept under a name to a file, replacing one that is there.

    Raises NotFound when they are gone, StorageFailed when the disk refuses.
    """
    contents = read(workspace, stored)
    first = next(contents, b"")  # before anything is made: they may be gone
    try:
        with writing(target, 0o600) as file:
            file.write(first)
            for piece in contents:
                file.write(piece)
    except OSError as error:
        raise StorageFailed(
            _("{path} cannot be written: {reason}.").format(path=target, reason=error.strerror or error)
        ) from error


def erase(stored: Iterable[str]) -> None:
    """Take contents out of the database. Inside the operation that empties their attachments only."""
    for name in stored:
        AttachedContent.delete().where(AttachedContent.stored == name).execute()


def erase_files(workspace: Workspace, stored: Iterable[str]) -> list[str]:
    """Take contents out of the workspace's folder, once that is committed; return those that the disk would not give
    up."""
    left = []
    if workspace.path is not None:
        for name in stored:
            try:
                (folder_of(workspace.path) / Path(name).name).unlink(missing_ok=True)
            except OSError:
                left.append(name)
    return left


def kept(workspace: Workspace) -> set[str]:
    """Return the names under which contents are kept."""
    query: Any = AttachedContent.select(AttachedContent.stored).distinct()
    names = {row[0] for row in query.tuples()}
    if workspace.path is not None and (folder := folder_of(workspace.path)).is_dir():
        names |= {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    return names
