"""Reading files of other programs, and our own: one format per module, found by walking this package."""

from __future__ import annotations

import pkgutil
import stat
from functools import cache
from importlib import import_module
from pathlib import Path

from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.importers.source import (
    UNMISTAKABLE,
    Format,
    Limits,
    Options,
    RowProblem,
    Source,
    SourceRow,
)
from crm_tui.text import clean_line

__all__ = ["Format", "Limits", "Options", "RowProblem", "Source", "SourceRow", "formats", "open_source"]

_HEAD = 65_536
_GIB = 1024**3


@cache
def formats() -> tuple[Format, ...]:
    """Return every format there is. Raises RuntimeError when two claim one suffix."""
    found: list[Format] = []
    taken: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.endswith("_file"):
            continue
        declared: Format = import_module(f"{__name__}.{module.name}").FORMAT
        for suffix in declared.suffixes:
            if suffix in taken:
                raise RuntimeError(f"{suffix} is claimed by both {taken[suffix]} and {module.name}")
            taken[suffix] = module.name
        found.append(declared)
    return tuple(found)


def open_source(
    path: str | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
) -> Source:
    """Return the rows of a file, whatever its format.

    ``encoding`` (a codec's name), ``delimiter`` (one character, or ``tab``) and ``sheet`` (of a workbook; in JSON the
    key of the list) override what would be found out. Raises BadInput, naming what is wrong and what would be right,
    for a file that cannot be read or is none that can be imported.
    """
    file = Path(path)
    shown = clean_line(str(file))
    limits = limits or Limits()
    head = _head(file, shown, limits)
    chosen = _format_of(file, shown, head)
    try:
        return chosen.open(file, Options(encoding, delimiter, sheet), limits)
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read: {reason}").format(file=shown, reason=error.strerror or error)
        ) from error


def _head(file: Path, shown: str, limits: Limits) -> bytes:
    """Return the first bytes of a file that may be opened; never waits on a pipe or a device."""
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise BadInput(_("{file} is a folder; name one file in it").format(file=shown))
        if not stat.S_ISREG(status.st_mode):
            raise BadInput(_("{file} is not a file").format(file=shown))
        with file.open("rb") as handle:
            head = handle.read(_HEAD)
    except FileNotFoundError as error:
        raise BadInput(_("there is no file {file}").format(file=shown)) from error
    except PermissionError as error:
        raise BadInput(_("{file} may not be read: permission denied").format(file=shown)) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadInput(_("{file} cannot be read: {reason}").format(file=shown, reason=reason)) from error
    if status.st_size > limits.file_bytes:
        raise BadInput(
            _("{file} is {size:.1f} GB; the largest file taken is {most:.1f} GB").format(
                file=shown, size=status.st_size / _GIB, most=limits.file_bytes / _GIB
            )
        )
    if status.st_size <= _HEAD and not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise BadInput(_("{file} is empty").format(file=shown))
    return head


def _format_of(file: Path, shown: str, head: bytes) -> Format:
    """Choose by what the file unmistakably is, else by its suffix, else by what it looks most like."""
    certain = {known.name: known.sniff(head) for known in formats()}
    best = max(formats(), key=lambda known: certain[known.name])
    if certain[best.name] >= UNMISTAKABLE:
        return best
    suffix = file.suffix.lower()
    for known in formats():
        if suffix in known.suffixes:
            return known
    if certain[best.name]:
        return best
    suffixes = ", ".join(suffix for known in formats() for suffix in known.suffixes)
    raise BadInput(
        _("{file} is no file that can be imported; use one of {suffixes}").format(file=shown, suffixes=suffixes)
    )
