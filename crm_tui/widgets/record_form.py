"""The form every record is filled in with, made from the fields of its entity.

Data comes in by ``load``, ``apply``, ``offer`` and ``show_problems``; what the operator means goes out as messages.
The widget draws its own lines, like a list; only the field that is being filled in has an editor, laid over its
value. Keys that save, leave or open ``$EDITOR`` are the screen's: it calls ``submit``, ``dismiss``, ``edit_outside``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self, TypeAlias

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.layout import Layout
from textual.widget import Widget
from textual.widgets import Input, TextArea

from crm_tui.widgets.form import keys, messages
from crm_tui.widgets.form.completion import asked_part, unnamed, with_tag
from crm_tui.widgets.form.editors import EditorLayout, LineEditor, TextEditor, TooLong
from crm_tui.widgets.form.fields import FormData, FormField
from crm_tui.widgets.form.lines import FORM_CSS, FORM_PARTS
from crm_tui.widgets.form.pace import Pace
from crm_tui.widgets.form.sheet import FormSheet
from crm_tui.widgets.form.state import FormState
from crm_tui.widgets.glyphs import glyphs_of

__all__ = ["FormData", "RecordForm"]

DRAFT_EVERY = 1.0
"""Seconds of typing after which a draft is told of: less than the two that may be lost."""


class RecordForm(FormSheet, inherit_bindings=False):
    """A form; knows nothing of the database, of files and of the keys of commands."""

    COMPONENT_CLASSES: ClassVar[set[str]] = FORM_PARTS
    DEFAULT_CSS = FORM_CSS

    Submitted: TypeAlias = messages.Submitted
    Dismissed: TypeAlias = messages.Dismissed
    DraftChanged: TypeAlias = messages.DraftChanged
    ValuesWanted: TypeAlias = messages.ValuesWanted
    OutsideWanted: TypeAlias = messages.OutsideWanted

    def __init__(
        self,
        data: FormData | None = None,
        *,
        draft_every: float = DRAFT_EVERY,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``draft_every`` is the least time between two ``DraftChanged`` while one types, in seconds."""
        super().__init__(FormState(data), name=name, id=id, classes=classes)
        self._line_editor = LineEditor(self)
        self._text_editors: dict[str, TextEditor] = {}
        self.editor: LineEditor | TextEditor = self._line_editor
        """What the current field is filled in with."""
        self._mounted = False
        self._asked = ""  # the text that values were last asked for
        self._saving = self._draft_due = False
        self._draft = Pace(draft_every, self._tell_draft)
        self._told: dict[str, str] = {}
        self._editor_layout = EditorLayout(self._region_of)

    # What the form holds

    def load(self, data: FormData) -> None:
        """Begin anew with a record; what was typed is gone. The cursor stays in its field."""
        focus = self._has_cursor
        if data.entity.name != self.state.entity:
            for editor in self._text_editors.values():
                editor.remove()
            self._text_editors.clear()
        self.state = FormState(data, self.state.current)
        self._saving = self._draft_due = False
        self._draft.stop()
        self._told = {}
        self._begin(focus=focus)

    def apply(self, typed: Mapping[str, str], version: int | None = None) -> tuple[str, ...]:
        """Fill in text by field name, as if it were typed: a draft, or what ``$EDITOR`` gave back.

        ``version`` is the one a draft was typed over. Returns the names that are no fields of this form.
        """
        self._take()
        unknown = self.state.apply(typed)
        self.state.version = self.state.version if version is None else version
        self._saving = False
        if self._mounted:
            self._begin()
            self._draft.soon()
        return unknown

    def changed(self) -> dict[str, str]:
        """Return what is to be saved, as text by field name: what was changed, or all there is of a new record."""
        self._take()
        return self.state.typed()

    @property
    def is_dirty(self) -> bool:
        """Whether leaving would lose something that was typed."""
        self._take()
        return self.state.touched

    @property
    def version(self) -> int | None:
        """The version of the record that the changes are made to."""
        return self.state.version

    # What the screen asks of it

    def submit(self) -> None:
        """Ask the screen to save, if every field can be read; else go to the first that cannot."""
        if self._saving or self.state.entry is None:
            return
        self._take()
        self._draft_due = self._draft.stop()  # what is saved needs no draft, and one kept now might outlive the saving
        self._leave()
        self.state.check()
        if self.state.go_to_problem():
            self.release()
            self._begin(focus=True)
            return
        self._begin()
        self._saving = True
        self.post_message(self.Submitted(self, self.state.typed(), self.version))

    def release(self) -> None:
        """Take ``submit`` again, after what was submitted could not be saved for a reason that is no field's."""
        self._saving = False
        if self._draft_due and self._mounted:
            self._draft.soon()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong at the fields, by their names, and go to the first; what is about none stands on top."""
        self.release()
        self._take()
        self.state.place(problems)
        self._begin(focus=self.state.go_to_problem())

    def dismiss(self) -> None:
        """Close the values offered; where there are none, tell the screen that the operator wants to leave."""
        if self.completion.values:
            self.completion.close()
            self.draw()
            return
        self._leave()
        self._begin()
        self.post_message(self.Dismissed(self))

    def edit_outside(self) -> bool:
        """Ask for ``$EDITOR`` on the field of several lines: the current, or the only one. False if it is neither."""
        self._take()
        several = [entry for entry in self.state.fields if entry.multiline]
        entry = self.state.entry if self.state.entry in several else several[0] if len(several) == 1 else None
        if entry is None:
            return False
        self.post_message(self.OutsideWanted(self, entry.name, entry.tidy(entry.text)))
        return True

    def offer(self, field: str, generation: int, values: Sequence[str]) -> None:
        """Offer the values asked for by ``ValuesWanted``; what is no longer wanted is ignored."""
        entry = self.state.entry
        if entry is None or field != entry.name:
            return
        start, end = asked_part(entry, self._line_editor.cursor_position)
        if self.completion.take(generation, unnamed(entry, start, end, values), entry.text[start:end].strip()):
            self.draw()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Put the cursor into the current field."""
        if self._mounted:
            self.screen.set_focus(self.editor, scroll_visible=False)
        else:
            self.call_after_refresh(self.focus)
        return self

    def go_to(self, field: str) -> None:
        """Go to a field by its name; an unknown one is ignored."""
        if (at := self.state.index_of(field)) is not None:
            self.move(at - self.state.at)

    # Filling in

    def move(self, step: int, *, around: bool = False) -> None:
        """Go ``step`` fields on, or back; at the ends stay, or go ``around``."""
        self._leave()
        count, at = len(self.state.fields), self.state.at + step
        self.state.at = at % max(1, count) if around else max(0, min(at, count - 1))
        self._begin(focus=True)

    def choose(self, text: str) -> None:
        """Give the current field a value that was chosen, not typed."""
        if (entry := self.state.entry) is not None and entry.text != text:
            entry.text = text
            self._edited(entry)
            if entry.name == self.state.faceted and self.state.arrange():
                self.arrange_fields()
            else:
                self.update_fields()

    def ask(self, *, anyway: bool = False) -> None:
        """Ask for values to offer for what is being typed; where that is nothing, only if ``anyway``."""
        entry = self.state.entry
        if entry is None or not entry.completes:
            return
        self._take()
        self._asked = entry.text
        start, end = asked_part(entry, self._line_editor.cursor_position)
        prefix = entry.tidy(entry.text[start:end])
        if prefix or anyway:
            self.post_message(self.ValuesWanted(self, entry.name, prefix, self.completion.ask(prefix)))
        else:
            self.completion.close()

    def accept(self, value: str) -> None:
        """Fill in a value that was offered."""
        entry = self.state.entry
        if entry is None:
            return
        text, cursor = value, len(value)
        if entry.kind.family == "tags":
            text, cursor = with_tag(entry.text, self._line_editor.cursor_position, value)
        self._asked = entry.text = text
        self._line_editor.put(text, cursor)
        self.completion.close()
        self._edited(entry)
        self.update_fields()

    def _take(self) -> None:
        """Bring what was typed from the editor into the field; its problem may be solved, and a draft is due."""
        entry, editor = self.state.entry, self.editor
        if entry is None or not self._mounted or (isinstance(editor, LineEditor) and editor.mark):
            return
        text = editor.value if isinstance(editor, LineEditor) else editor.text
        if text != entry.text:
            entry.text = text
            self._edited(entry)

    def _edited(self, entry: FormField) -> None:
        entry.problem = ""
        self._saving = False
        self._draft.soon()

    def _leave(self) -> None:
        """Take what the current field's editor holds, and see whether it can be read."""
        self._take()
        self.completion.close()
        self._draft.now()
        if (entry := self.state.entry) is not None:
            entry.settle()
            entry.problem = entry.problem or entry.check(saving=False)

    @property
    def _has_cursor(self) -> bool:
        return self._mounted and self.screen.focused in (self._line_editor, *self._text_editors.values())

    def _begin(self, *, focus: bool = False) -> None:
        """Give the current field its editor, and show all as it is; with ``focus`` put the cursor there."""
        if not self._mounted:
            return
        focus = focus or self._has_cursor
        self.completion.close()
        entry = self.state.entry
        self._asked = entry.text if entry is not None else ""
        if entry is not None and entry.multiline and entry.edited_here:
            self.editor = self._text_editor(entry)
        else:
            self.editor = self._line_editor
            if entry is None or entry.is_choice or entry.multiline:
                self._line_editor.stand_by(glyphs_of(self).cursor)
            else:
                self._line_editor.begin(entry)
        for editor in (self._line_editor, *self._text_editors.values()):
            editor.display = editor is self.editor
        self.arrange_fields()
        if focus:
            self.focus()

    def _text_editor(self, entry: FormField) -> TextEditor:
        """Return the editor of a field of several lines, made when it is first needed."""
        editor = self._text_editors.get(entry.name)
        if editor is None:
            editor = self._text_editors[entry.name] = TextEditor(self, entry.text)
            self.mount(editor)
        elif editor.text != entry.text:
            editor.load_text(entry.text)
        return editor

    def _tell_draft(self) -> None:
        typed = self.changed() if self.is_dirty else {}
        self._draft.stop()  # taking what was typed made it due again
        if typed != self._told:
            self._told = typed
            self.post_message(self.DraftChanged(self, typed, self.version))
        self.update_fields()

    # What the editors and the mouse tell

    def pressed(self, editor: Widget, event: events.Key) -> bool:
        """Act on a key before its editor does; return whether that was all there is to do."""
        if editor is not self.editor:  # typed for the editor that has the focus by now
            self.editor.post_message(events.Key(event.key, event.character))
            return True
        return keys.act(self, event)

    def pasted(self, editor: Widget, event: events.Paste) -> bool:
        """Return whether the paste was not meant for this editor."""
        if editor is not self.editor:
            self.editor.post_message(events.Paste(event.text))
            return True
        return False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what was typed, and ask for values to offer."""
        event.stop()
        self._take()
        self.update_fields()
        if (entry := self.state.entry) is not None and entry.text != self._asked:
            self.ask()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Show what was typed."""
        event.stop()
        self._take()
        self.update_fields()

    def on_too_long(self, event: TooLong) -> None:
        """Say that a paste was not taken."""
        event.stop()
        if (entry := self.state.entry) is not None:
            entry.problem = event.words
            self.arrange_fields()

    def on_descendant_blur(self) -> None:
        """Look at the field when the cursor leaves the form."""
        if self._mounted and not self._has_cursor:
            self._leave()
            self._begin()

    def on_click(self, event: events.Click) -> None:
        """Go to the field that was clicked, and take the value clicked there."""
        keys.click(self, event.x, event.y)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll; the cursor stays in view."""
        keys.scroll(self, event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll; the cursor stays in view."""
        keys.scroll(self, event, -1)

    def on_mount(self) -> None:
        """Give the first field its editor."""
        self._mounted = True
        self._begin()

    def on_unmount(self) -> None:
        """Let go of the timer."""
        self._mounted = False
        self._draft.stop()

    def compose(self) -> ComposeResult:
        """Yield the editor of all fields of one line; those of several lines get theirs when they are come to."""
        yield self._line_editor

    @property
    def layout(self) -> Layout:
        """How the editors are placed."""
        return self._editor_layout

    def _region_of(self, child: Widget, size: Size) -> Region:
        """Return where an editor stands in a form of ``size``."""
        self.plan_for(size)
        if child is not self.editor:
            return Region()
        return self.mark_region if isinstance(child, LineEditor) and child.mark else self.value_region
