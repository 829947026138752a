"""Writing files for other programs, and for ourselves: one format per module, found by walking this package."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from crm_tui.errors import BadInput
from crm_tui.exporters.target import ExportColumn, Format, RowWriter, Target
from crm_tui.i18n import _
from crm_tui.text import clean_line

__all__ = ["ExportColumn", "Format", "RowWriter", "Target", "formats", "open_target"]


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


def open_target(path: str | Path, columns: Sequence[ExportColumn], *, bom: bool = False) -> Target:
    """Return the file to write records to, its format chosen by its suffix; use it in a ``with`` block.

    ``bom`` begins a CSV with the mark by which old versions of Excel recognise UTF-8; other formats need none.
    Raises BadInput, listing what is possible, for a suffix that no format has.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    for known in formats():
        if suffix in known.suffixes:
            return Target(file, known, columns, bom=bom)
    suffixes = ", ".join(suffix for known in formats() for suffix in known.suffixes)
    raise BadInput(
        _('"{file}" says no format that can be written; end it with one of {suffixes}').format(
            file=clean_line(str(file)), suffixes=suffixes
        )
    )
