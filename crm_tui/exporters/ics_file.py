"""iCalendar (RFC 5545): a to-do for each task or order, with its due day, for any calendar program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from crm_tui.errors import BadInput
from crm_tui.exporters.cells import plain
from crm_tui.exporters.content_lines import ESCAPES, folded, line
from crm_tui.exporters.target import ExportColumn, Format
from crm_tui.i18n import _

_PRIORITIES = {"urgent": 1, "high": 3, "normal": 5, "low": 7}
_COMPLETED = ("done", "fulfilled")
_CANCELLED = ("dropped", "cancelled")


class CalendarWriter:
    """Writes records as to-dos. Times are those of the business, without a zone: they are kept so."""

    def __init__(self, stream: BinaryIO, columns: Sequence[ExportColumn]) -> None:
        """Raises BadInput where the records have no due day, or it is not among the columns."""
        self._stream = stream
        self._names = [column.name for column in columns]
        if not {"id", "title", "due_on"} <= set(self._names):
            raise BadInput(_("a calendar is of tasks or orders, with all their columns: they have a day to be done by"))
        self._put("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//crm-tui//crm-tui//EN")

    def _put(self, *lines: str) -> None:
        self._stream.write("".join(map(folded, lines)).encode("utf-8", "replace"))

    def write(self, row: Sequence[object]) -> None:
        record = dict(zip(self._names, row, strict=True))
        self._put("BEGIN:VTODO", *_lines(record), "END:VTODO")

    def finish(self) -> None:
        self._put("END:VCALENDAR")

    def abandon(self) -> None:
        """Nothing was taken besides the stream."""


def _lines(record: Mapping[str, object]) -> Iterator[str]:
    sort = "order" if record.get("number") else "task"
    yield f"UID:{sort}-{record['id']}-{_digits(record.get('created_at'))}@crm-tui"
    yield f"DTSTAMP:{_digits(record.get('updated_at'))}Z"
    yield from line("SUMMARY", f"{plain(record.get('number'))} {plain(record.get('title'))}".strip())
    day, at = _digits(record.get("due_on")), plain(record.get("due_time")).replace(":", "")
    if day:
        yield f"DUE:{day}T{at}00" if at else f"DUE;VALUE=DATE:{day}"
    if number := _PRIORITIES.get(plain(record.get("priority"))):
        yield f"PRIORITY:{number}"
    state = plain(record.get("status") or record.get("stage"))
    yield f"STATUS:{'COMPLETED' if state in _COMPLETED else 'CANCELLED' if state in _CANCELLED else 'NEEDS-ACTION'}"
    tags = record.get("tags")
    if isinstance(tags, list | tuple) and tags:
        yield f"CATEGORIES:{','.join(plain(tag).translate(ESCAPES) for tag in tags)}"
    yield from line("CONTACT", record.get("client"))
    yield from line("DESCRIPTION", record.get("notes"))


def _digits(value: object) -> str:
    """A day or a moment as a calendar writes it: ``20261122``, ``20261122T140200``."""
    return plain(value).split(".")[0].replace("-", "").replace(":", "").removesuffix("Z")


FORMAT = Format("iCalendar", (".ics",), CalendarWriter)
