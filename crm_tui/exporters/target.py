"""What every export format answers to, and the file it is written to: all of it, or none."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

from crm_tui import whole_files
from crm_tui.errors import BadInput, StorageFailed
from crm_tui.fields import DECIMALS
from crm_tui.i18n import _
from crm_tui.text import clean_line

NUMERIC = frozenset({"number", "money", "percent"}) | DECIMALS
"""Families of fields whose text, when it is a plain number, is one and not text that looks like it."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: the field's name (the heading, by which an import knows it again), its label, its kind's family."""

    name: str
    label: str
    kind: str = "text"


class RowWriter(Protocol):
    """Writes rows in one format to a stream of bytes."""

    def write(self, row: Sequence[object]) -> None:
        """Write one record: a value per column, as JSON holds it (text, whole number, None, bool, list, object)."""

    def finish(self) -> None:
        """Write what comes after the last row; the stream stays open."""

    def abandon(self) -> None:
        """Let go of what was taken besides the stream; nothing more is written."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file to export to. Each module of the package named ``*_file`` declares one as ``FORMAT``."""

    name: str
    suffixes: tuple[str, ...]
    writer: Callable[[BinaryIO, Sequence[ExportColumn]], RowWriter]
    takes_bom: bool = False
    """Whether it may begin with the mark by which old versions of Excel recognise UTF-8."""


class Target:
    """A file being written beside its final place; leaving the ``with`` block puts it there, an error leaves nothing.

    A file that is there already is replaced at the very end, in one step, and keeps its permissions.
    """

    def __init__(self, path: Path, known: Format, columns: Sequence[ExportColumn], *, bom: bool = False) -> None:
        self.path = path
        self._bom = codecs.BOM_UTF8 if bom and known.takes_bom else b""
        self._shown = clean_line(str(path))
        self.count = 0
        """Rows written so far."""
        self._format = known
        self._columns = tuple(columns)
        self._final = Path(os.path.realpath(path))  # a link stays a link; the file it leads to is replaced
        self._unfinished = whole_files.unfinished(self._final)

    def __enter__(self) -> Target:
        """Raises BadInput when the folder is missing or may not be written to."""
        mode = _mode_to_keep(self._final, self._shown)
        try:
            handle = os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode or 0o666)
            self._stream = os.fdopen(handle, "wb", buffering=1 << 20)
        except FileNotFoundError as error:
            raise BadInput(
                _("there is no folder {folder}").format(folder=clean_line(str(self._final.parent)))
            ) from error
        except OSError as error:
            raise BadInput(
                _("{file} cannot be written: {reason}").format(file=self._shown, reason=error.strerror or error)
            ) from error
        try:
            if mode:
                os.fchmod(handle, mode)
            self._stream.write(self._bom)
            self._rows = self._format.writer(self._stream, self._columns)
        except BaseException:
            self._remove()
            raise
        return self

    def write(self, row: Sequence[object]) -> None:
        """Write one record, a value per column.

        Raises BadInput for a value the format cannot hold, StorageFailed when the disk refuses.
        """
        try:
            self._rows.write(row)
        except OSError as failure:
            raise self._refused(failure) from failure
        self.count += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the finished file in its place. Raises StorageFailed when the disk refuses; then nothing has changed."""
        try:
            if error is not None:
                self._rows.abandon()
                return
            self._rows.finish()
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            whole_files.put_in_place(self._unfinished, self._final)
        except OSError as failure:
            raise self._refused(failure) from failure
        finally:
            self._remove()

    def _refused(self, error: OSError) -> StorageFailed:
        return StorageFailed(
            _("{file} could not be written ({reason}); nothing was changed").format(
                file=self._shown, reason=error.strerror or error
            )
        )

    def _remove(self) -> None:
        with suppress(OSError):  # closing flushes, which a full disk refuses again
            self._stream.close()
        with suppress(FileNotFoundError):  # it was put in its place
            self._unfinished.unlink()


def _mode_to_keep(final: Path, shown: str) -> int | None:
    """Return the permissions of the file to be replaced, None when there is none. Raises BadInput for a folder."""
    try:
        status = final.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(_("{file} cannot be written: {reason}").format(file=shown, reason=error.strerror)) from error
    if stat.S_ISDIR(status.st_mode):
        raise BadInput(_("{file} is a folder; name a file in it").format(file=shown))
    if not stat.S_ISREG(status.st_mode):
        raise BadInput(_("{file} is not a file").format(file=shown))
    return stat.S_IMODE(status.st_mode)
