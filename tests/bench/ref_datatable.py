"""For comparison: Textual's own DataTable with 200 rows and nothing else."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Footer, Header

ROWS = 200


class DataTableApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit"),
        Binding("j", "app.move('down')", show=False),
        Binding("k", "app.move('up')", show=False),
    ]

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable[str](cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("Name", "Contact", "Email", "Stage", "Owner")
        table.add_rows((f"Client {row:06d}", "Ana Silva", "ana@example.com", "Active", "bo") for row in range(ROWS))

    def action_move(self, direction: str) -> None:
        table = self.query_one(DataTable)
        if direction == "down":
            table.action_cursor_down()
        else:
            table.action_cursor_up()


if __name__ == "__main__":
    DataTableApp().run()
