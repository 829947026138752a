"""What a form tells its screen; screens name these ``RecordForm.Submitted`` and so on."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget


class FormMessage(Message):
    """What a form tells the screen."""

    def __init__(self, form: Widget) -> None:
        super().__init__()
        self._form = form

    @property
    def control(self) -> Widget:
        """The form that sent the message."""
        return self._form


class Submitted(FormMessage, namespace="record_form"):
    """What was typed is to be saved; every field of it can be read.

    ``typed`` is text by field name: what was changed, or for a new record all that is not empty; none when nothing
    was changed. ``version`` is the version of the record it was typed over. The form takes no second ``submit``
    until it is told ``show_problems``, ``load`` or ``release``, or something is typed.
    """

    def __init__(self, form: Widget, typed: dict[str, str], version: int | None) -> None:
        super().__init__(form)
        self.typed = typed
        self.version = version


class Dismissed(FormMessage, namespace="record_form"):
    """The operator wants to leave the form; the screen asks, or keeps a draft, if it ``is_dirty``."""


class DraftChanged(FormMessage, namespace="record_form"):
    """What is worth keeping has changed; an empty ``typed`` means that there is nothing to keep any more."""

    def __init__(self, form: Widget, typed: dict[str, str], version: int | None) -> None:
        super().__init__(form)
        self.typed = typed
        self.version = version


class ValuesWanted(FormMessage, namespace="record_form"):
    """Values of ``field`` that begin with ``prefix`` are wanted: answer with ``offer`` and the same generation."""

    def __init__(self, form: Widget, field: str, prefix: str, generation: int) -> None:
        super().__init__(form)
        self.field = field
        self.prefix = prefix
        self.generation = generation


class OutsideWanted(FormMessage, namespace="record_form"):
    """The text of a field of several lines is to be edited in ``$EDITOR``: answer with ``apply({field: text})``."""

    def __init__(self, form: Widget, field: str, text: str) -> None:
        super().__init__(form)
        self.field = field
        self.text = text
