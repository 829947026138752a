"""Reading the files of ``assets/demo``: people edit them, so whatever is wrong is said with the file's name."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _


def read_lines(path: Path) -> tuple[str, ...]:
    """Return the lines of a list, without blank ones and ``#`` comments. Raises BadInput when none are left."""
    lines = tuple(line for raw in _read(path).splitlines() if (line := raw.strip()) and not line.startswith("#"))
    if not lines:
        raise BadInput(_("{where}: the list is empty.").format(where=path.name))
    return lines


class Sheet:
    """A TOML file, or a table in one, whose entries are asked for by name and checked when they are."""

    def __init__(self, entries: dict[str, object], where: str) -> None:
        """``where`` is what messages call the sheet."""
        self._entries, self.where = entries, where

    @classmethod
    def read(cls, path: Path) -> Sheet:
        """Return the sheet in a file. Raises BadInput with the line of what is not TOML."""
        try:
            return cls(tomllib.loads(_read(path)), path.name)
        except tomllib.TOMLDecodeError as error:
            raise BadInput(_("{where}: {problem}.").format(where=path.name, problem=error)) from error

    def names(self) -> list[str]:
        """Return the names of the entries that are lists of texts, in the file's order."""
        return [name for name, entry in self._entries.items() if _are_texts(entry)]

    def has(self, name: str) -> bool:
        """Return whether the sheet has that entry."""
        return name in self._entries

    def allow(self, names: Sequence[str]) -> None:
        """Raise BadInput, with the nearest of ``names``, when the sheet has an entry that is not among them."""
        for name in self._entries:
            if name not in names:
                message = _('{where}: "{name}" means nothing here.').format(where=self.where, name=name)
                raise BadInput(message + nearest(name, names))

    def text(self, name: str) -> str:
        """Return an entry that is a text and not empty. Raises BadInput when it is anything else."""
        entry = self._entries.get(name)
        if not isinstance(entry, str) or not entry:
            raise self._wrong(name, _("a text in quotes"))
        return entry

    def number(self, name: str, *, most: float) -> float:
        """Return an entry that is a number from 0 to ``most``. Raises BadInput when it is anything else."""
        entry = self._entries.get(name)
        if not isinstance(entry, int | float) or isinstance(entry, bool) or not 0 <= entry <= most:
            raise self._wrong(name, _("a number from 0 to {most}").format(most=most))
        return entry

    def texts(self, name: str) -> list[str]:
        """Return an entry that is a list of texts and not empty. Raises BadInput when it is anything else."""
        entry = self._entries.get(name)
        if not _are_texts(entry):
            raise self._wrong(name, _('a list of texts, like ["one", "two"]'))
        return list(entry) if isinstance(entry, list) else []

    def rows(self, name: str, width: int) -> list[list[str]]:
        """Return an entry that is a list of rows of ``width`` texts. Raises BadInput when it is anything else."""
        entry = self._entries.get(name)
        rows = entry if isinstance(entry, list) else []
        if not rows or not all(_are_texts(row) and len(row) == width for row in rows):
            raise self._wrong(name, _("a list of rows of {width} texts each").format(width=width))
        return rows

    def tables(self, name: str) -> list[Sheet]:
        """Return the tables written ``[[name]]``, or the one written ``[name]``. Raises BadInput when there is none."""
        entry = self._entries.get(name)
        found = entry if isinstance(entry, list) else [entry]
        tables = [Sheet(table, f"{self.where} [{name}]") for table in found if isinstance(table, dict)]
        if not found or len(tables) < len(found):
            raise self._wrong(name, _("a table, headed [{name}]").format(name=name))
        return tables

    def _wrong(self, name: str, right: str) -> BadInput:
        return BadInput(_('{where}: "{name}" has to be {right}.').format(where=self.where, name=name, right=right))


def _read(path: Path) -> str:
    """Return a file's text. Raises BadInput when it is missing or not UTF-8."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror or error.__class__.__name__ if isinstance(error, OSError) else _("it is not UTF-8")
        raise BadInput(_("{where}: {problem}.").format(where=path.name, problem=problem)) from error


def _are_texts(entry: object) -> bool:
    return isinstance(entry, list) and bool(entry) and all(isinstance(text, str) for text in entry)
