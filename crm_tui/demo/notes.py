"""Notes about clients: most have none, some a sentence or three, a few a whole page in Markdown."""

from __future__ import annotations

from crm_tui.asset_files import asset
from crm_tui.demo.sheets import Sheet
from crm_tui.demo.words import Roll, Template, Word, pick, text_template

WRITTEN = 0.3
"""Share of clients with a note."""

LONGER = 0.12
"""Share of notes that are a page in Markdown."""

PARTS = ("about", "manner", "next")
"""Lists of sentences, in the order they are written."""

LENGTHS = ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2))
"""The parts a note may consist of."""


class Notes:
    """Draws the note on one client after another."""

    def __init__(self, roll: Roll) -> None:
        """Raises BadInput when the file was edited and cannot be understood."""
        sheet = Sheet.read(asset("demo", "notes.toml"))
        lists = {name[:-1]: tuple(Word(text, "") for text in sheet.texts(name)) for name in ("months", "things")}

        def templates(name: str) -> tuple[Template, ...]:
            return tuple(text_template(text, lists, sheet.where) for text in sheet.texts(name))

        self._roll = roll
        self._parts = tuple(templates(name) for name in PARTS)
        self._longer = templates("longer")

    def draw(self) -> str:
        """Return a note, or "" where nobody wrote one."""
        roll = self._roll
        if roll() >= WRITTEN:
            return ""
        if roll() < LONGER:
            return pick(roll, self._longer).draw(roll)
        return " ".join([pick(roll, self._parts[part]).draw(roll) for part in pick(roll, LENGTHS)])
