"""What a verb says: data to stdout, everything else to stderr, nothing that acts on a terminal to either."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crm_tui.i18n import _
from crm_tui.text import clean
from crm_tui.verbs import table

_UNSAFE_IN_JSON = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What ``json.dumps`` leaves as it is though a terminal acts on it, or a reader is deceived by it."""


def on_terminal() -> bool:
    """Whether stdout is a terminal that a person reads."""
    return sys.stdout is not None and sys.stdout.isatty()


def can_ask() -> bool:
    """Whether a person is there to answer a question: both stdin and stderr are a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def size() -> os.terminal_size:
    """Return the terminal's columns and lines."""
    return shutil.get_terminal_size((80, 24))


def write(text: str) -> None:
    """Write data to stdout."""
    if sys.stdout is not None:
        sys.stdout.write(text)


def flush() -> None:
    """See that what was written is seen: by whoever reads the output of a service."""
    if sys.stdout is not None:
        sys.stdout.flush()


def note(text: str) -> None:
    """Say something on stderr."""
    if sys.stderr is not None:
        sys.stderr.write(clean(text) + "\n")


def plain(text: str) -> str:
    """Return ``text`` of any origin without what acts on a terminal."""
    return clean(text)


def bold(text: str) -> str:
    """Return ``text`` bold where stdout is a terminal that may show it so."""
    if not on_terminal() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb":
        return text
    return f"\x1b[1m{text}\x1b[0m"


def json_text(value: Any, indent: int | None = None) -> str:
    """Return ``value`` as JSON that no terminal acts on; whatever is escaped for that reads back unchanged."""
    unicode_out = "utf" in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    text = json.dumps(value, ensure_ascii=not unicode_out, indent=indent)
    return text if text.isascii() else _UNSAFE_IN_JSON.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]


def write_json(value: Any) -> None:
    """Write one JSON value, readable."""
    write(json_text(value, indent=2) + "\n")


def write_json_list(items: Iterable[Mapping[str, Any]]) -> None:
    """Write a JSON list, an object a line, as they come."""
    begun = False
    for item in items:
        write((",\n " if begun else "[") + json_text(item))
        begun = True
    write("]\n" if begun else "[]\n")


def write_csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write CSV (RFC 4180 but for the line ends) whose cells no spreadsheet runs."""
    import csv

    from crm_tui.exporters.formulas import SUSPECTS, defuse, is_number

    def safe(cell: str) -> str:
        defused = defuse(cell) if cell[:1] in SUSPECTS and not is_number(cell) else cell
        return clean(defused) if on_terminal() else defused

    if sys.stdout is None:
        return
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(names)
    out.writerows([safe(cell) for cell in row] for row in rows)


def write_table(columns: Sequence[table.Column], rows: Iterable[Sequence[str]]) -> None:
    """Write a table with a heading; on a terminal it is cut to the width there is."""
    for number, line in enumerate(table.lines(columns, rows, size().columns if on_terminal() else None)):
        write((bold(line) if number == 0 else line) + "\n")


def write_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Write labels and values beside each other; a value of several lines keeps them, indented."""
    listed = [(clean(label), clean(value)) for label, value in facts]
    width = max((table.cells(label) for label, _value in listed), default=0)
    for label, value in listed:
        spare = " " * (width - table.cells(label))
        text = value.replace("\n", "\n" + " " * (width + 2))
        write(f"{bold(label)}{spare}  {text}".rstrip() + "\n")


def confirmed(question: str, *, yes: bool) -> bool:
    """Ask on the terminal, unless ``yes`` was given; anything but y or yes is no."""
    if yes:
        return True
    sys.stderr.write(clean(question) + " " + _("[y/N]") + " ")
    sys.stderr.flush()
    _await_line()
    return sys.stdin.readline().strip().lower() in ("y", "yes", _("yes").lower())


def _await_line() -> None:
    """Wait for a line on the terminal in such a way that ctrl+c is heard even if it came just before the waiting."""
    while sys.stdin.isatty() and not select.select([sys.stdin], [], [], 0.2)[0]:
        pass


def progress(what: str) -> Callable[[int, int], None] | None:
    """Return what shows how far a long operation is, on stderr; None where nobody watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    shown = -1

    def show(done: int, of: int) -> None:
        nonlocal shown
        share = 100 * done // max(of, 1)
        if share != shown:
            shown = share
            sys.stderr.write(f"\r{what} {share} %" + ("\n" if done >= of else ""))
            sys.stderr.flush()

    return show
