"""The form every record is filled in with, made from the fields of its entity.

Data comes in by ``load``, ``apply``, ``offer`` and ``show_problems``; what the operator means goes out as messages.
The widget draws its own lines, like a list; only the field that is being filled in has an editor, laid over its
value. Keys that save, leave or open ``$EDITOR`` are the screen's: it calls ``submit``, ``dismiss``, ``edit_outside``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.layout import Layout
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from crm_tui import formats
from crm_tui.fields import Tags, Text
from crm_tui.i18n import _
from crm_tui.widgets.form import keys, messages
from crm_tui.widgets.form.completion import Completion, part_at, with_tag
from crm_tui.widgets.form.editors import LINE_AT_MOST, EditorLayout, LineEditor, TextEditor, TooLong, fits_editor
from crm_tui.widgets.form.fields import FormData, FormField, chosen_text, make_fields, typed_of
from crm_tui.widgets.form.lines import FORM_CSS, FORM_PARTS, FormLines
from crm_tui.widgets.form.plan import Plan
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.line_widget import Line, LineWidget

DRAFT_EVERY = 1.0
"""Seconds of typing after which a draft is told of: less than the two that may be lost."""

_WHEEL = 3


class RecordForm(LineWidget, inherit_bindings=False):
    """A form; knows nothing of the database, of files and of the keys of commands."""

    COMPONENT_CLASSES: ClassVar[set[str]] = FORM_PARTS
    DEFAULT_CSS = FORM_CSS

    Submitted = messages.Submitted
    Dismissed = messages.Dismissed
    DraftChanged = messages.DraftChanged
    ValuesWanted = messages.ValuesWanted
    OutsideWanted = messages.OutsideWanted

    def __init__(
        self,
        data: FormData | None = None,
        *,
        draft_every: float = DRAFT_EVERY,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``draft_every`` is the least time between two ``DraftChanged``, in seconds."""
        super().__init__(name=name, id=id, classes=classes)
        self._entity = data.entity.name if data else ""
        self.version = data.version if data else None
        """The version of the record that the changes are made to."""
        self.completion = Completion()
        """The values offered for what is being typed."""
        self._fields: list[FormField] = make_fields(data) if data else []
        self._current = 0
        self._top = 0
        self._notice = ""
        self._saving = False
        self._draft_every = draft_every
        self._draft_timer: Timer | None = None
        self._told: dict[str, str] = {}
        self._line_editor = LineEditor(self)
        self._text_editors: dict[str, TextEditor] = {}
        self._unread = False  # whether something was typed into a text editor that the field does not have yet
        self._mounted = False
        self._planned = Size(-1, -1)
        self._placed = Region()
        self._layout = EditorLayout(self._region_of)
        self._replan(Size(0, 0))

    # What the form holds

    def load(self, data: FormData) -> None:
        """Begin anew with a record; what was typed and not taken with ``changed`` is gone. The cursor stays."""
        same = data.entity.name == self._entity
        name = self._fields[self._current].name if same and self._fields else ""
        if not same:
            for editor in self._text_editors.values():
                editor.remove()
            self._text_editors.clear()
        self._entity, self.version = data.entity.name, data.version
        self._fields = make_fields(data)
        self._current = next((at for at, entry in enumerate(self._fields) if entry.name == name), 0)
        self._notice, self._saving, self._unread = "", False, False
        self._stop_draft()
        self._told = {}
        self.completion.close()
        self._show()

    def apply(self, typed: Mapping[str, str], version: int | None = None) -> tuple[str, ...]:
        """Fill in text by field name, as if it were typed: a draft, or what ``$EDITOR`` gave back.

        ``version`` is the one a draft was typed over. Returns the names that are no fields of this form.
        """
        self._take()
        by_name = {entry.name: entry for entry in self._fields}
        for name, text in typed.items():
            if name in by_name:
                by_name[name].text = chosen_text(by_name[name], text)
                by_name[name].problem = ""
        if version is not None:
            self.version = version
        self._saving = False
        self.completion.close()
        self._show()
        self._tell_draft_soon()
        return tuple(name for name in typed if name not in by_name)

    def changed(self) -> dict[str, str]:
        """Return what is to be saved, as text by field name: what was changed, or all there is of a new record."""
        self._take()
        return typed_of(self._fields)

    @property
    def is_dirty(self) -> bool:
        """Whether leaving would lose something that was typed."""
        self._take()
        return any(entry.touched for entry in self._fields)

    @property
    def current(self) -> str:
        """The name of the field being filled in; "" in a form without fields."""
        return self._fields[self._current].name if self._fields else ""

    # What the screen asks of it

    def submit(self) -> None:
        """Ask the screen to save, if every field can be read; else go to the first that cannot."""
        if self._saving or not self._fields:
            return
        self._leave()
        self._notice = ""
        for entry in self._fields:
            entry.problem = entry.check(saving=True)
        if self._go_to_problem():
            return
        self._show()
        self._saving = True
        self.post_message(self.Submitted(self, typed_of(self._fields), self.version))

    def release(self) -> None:
        """Take ``submit`` again, after what was submitted could not be saved for a reason that is no field's."""
        self._saving = False

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong at the fields, by their names, and go to the first; others are shown at the top."""
        self._saving = False
        names = {entry.name for entry in self._fields}
        self._notice = "; ".join(text for name, text in problems.items() if name not in names)
        for entry in self._fields:
            entry.problem = problems.get(entry.name, "")
        if not self._go_to_problem():
            self._show()

    def dismiss(self) -> None:
        """Close the values offered; without any, tell the screen that the operator wants to leave."""
        if self.completion.values:
            self.completion.close()
            self.draw()
            return
        self._leave()
        self._show()
        self.post_message(self.Dismissed(self))

    def edit_outside(self) -> bool:
        """Ask for ``$EDITOR`` on the field of several lines: the current one, or the only one. False if there is none."""
        self._take()
        several = [entry for entry in self._fields if entry.multiline]
        entry = self._entry if self._entry in several else several[0] if len(several) == 1 else None
        if entry is None:
            return False
        self.post_message(self.OutsideWanted(self, entry.name, entry.tidy(entry.text)))
        return True

    def offer(self, field: str, generation: int, values: Sequence[str]) -> None:
        """Offer values asked for by ``ValuesWanted``; those that are no longer wanted are ignored."""
        if field != self.current:
            return
        entry = self._fields[self._current]
        start, end = self._asked_part(entry)
        prefix = entry.text[start:end].strip()
        if isinstance(entry.kind, Tags):
            others = (entry.text[:start] + entry.text[end:]).split(",")
            there = {entry.kind.key((other.strip(),)) for other in others}
            values = [value for value in values if entry.kind.key((value,)) not in there]
        if self.completion.take(generation, values, prefix):
            self.draw()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Put the cursor into the current field."""
        if self._mounted:
            self._focus_editor()
        else:
            self.call_after_refresh(self._focus_editor)
        return self

    def go_to(self, field: str) -> None:
        """Go to a field by its name."""
        self._go_to(next((at for at, entry in enumerate(self._fields) if entry.name == field), self._current))

    # Moving and editing

    @property
    def _entry(self) -> FormField | None:
        return self._fields[self._current] if self._fields else None

    @property
    def _editor(self) -> LineEditor | TextEditor:
        """The editor that the current field is filled in with."""
        return self._text_editors.get(self.current, self._line_editor) if self._in_text else self._line_editor

    @property
    def _in_text(self) -> bool:
        entry = self._entry
        return entry is not None and entry.multiline and self._line_editor.mark == ""

    def move(self, step: int, *, around: bool = False) -> None:
        """Go ``step`` fields on, or back; at the ends stay, or go ``around``."""
        at = self._current + step
        self._go_to(at % max(1, len(self._fields)) if around else max(0, min(at, len(self._fields) - 1)))

    def _go_to(self, index: int) -> None:
        self._leave()
        self._current = index
        self._show()
        self._focus_editor()

    def _go_to_problem(self) -> bool:
        faulty = [at for at, entry in enumerate(self._fields) if entry.problem]
        if not faulty:
            return False
        self._current = faulty[0]
        self.completion.close()
        self._show()
        self._focus_editor()
        return True

    def _leave(self) -> None:
        """Take what the current field's editor holds, and see whether it can be read."""
        entry = self._entry
        if entry is None:
            return
        before = entry.text
        self._take()
        self.completion.close()
        entry.settle()
        if entry.text != before or not entry.problem:  # what the service found stays until something is changed
            entry.problem = entry.check(saving=False)
        if self._draft_timer is not None:
            self._tell_draft()

    def _take(self) -> None:
        """Bring what was typed from the editor into the field."""
        entry, editor = self._entry, self._editor
        if entry is None or not self._mounted:
            return
        if isinstance(editor, LineEditor):
            if not editor.mark:
                entry.text = editor.value
        elif self._unread:
            entry.text = editor.text
            self._unread = False
