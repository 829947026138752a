"""What a record list tells its screen; screens name these ``RecordList.Opened`` and so on."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget


class ListMessage(Message):
    """What a list tells the screen."""

    def __init__(self, sender: Widget) -> None:
        super().__init__()
        self._list = sender

    @property
    def control(self) -> Widget:
        """The list that sent the message."""
        return self._list


class WindowWanted(ListMessage, namespace="record_list"):
    """Rows are needed: answer with ``set_window``, or with ``window_failed`` when they cannot be had."""

    def __init__(self, sender: Widget, generation: int, offset: int, limit: int) -> None:
        super().__init__(sender)
        self.generation = generation
        self.offset = offset
        self.limit = limit


class CursorMoved(ListMessage, namespace="record_list"):
    """The cursor rests at another place or on another record; ``row_id`` is None in an empty list."""

    def __init__(self, sender: Widget, index: int, row_id: int | None) -> None:
        super().__init__(sender)
        self.index = index
        self.row_id = row_id


class Opened(ListMessage, namespace="record_list"):
    """The user wants to see a record."""

    def __init__(self, sender: Widget, row_id: int) -> None:
        super().__init__(sender)
        self.row_id = row_id


class SelectionChanged(ListMessage, namespace="record_list"):
    """Something else is selected; ``count`` is None when all match and the matches are not counted yet."""

    def __init__(self, sender: Widget, count: int | None) -> None:
        super().__init__(sender)
        self.count = count


class CardsWanted(ListMessage, namespace="board"):
    """What is written on some cards of a board is needed: answer with ``set_cards``."""

    def __init__(self, sender: Widget, ids: tuple[int, ...]) -> None:
        super().__init__(sender)
        self.ids = ids
