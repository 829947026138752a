"""Writing in a document on the screen: the keys of the text, noting what is typed, saving it when one goes on."""

from __future__ import annotations

import contextlib

from textual import events
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import TextArea

from crm_tui.commands import keymap
from crm_tui.documents.sections import Section
from crm_tui.i18n import _
from crm_tui.queries.documents import Whole
from crm_tui.screens.opening import Opening
from crm_tui.screens.section_texts import SectionTexts
from crm_tui.session import Session
from crm_tui.widgets.form.editors import TooLong
from crm_tui.widgets.outline import Outline
from crm_tui.widgets.section_editor import SectionEditor

REST = 0.3
"""Seconds after the last key until the page and the counts follow."""


class Writing(Opening):
    """The part of a document's screen that text is written in. Subclasses show the document."""

    def __init__(self, session: Session, record: int) -> None:
        super().__init__(session)
        self.record = record
        self.found: Whole | None = None
        self.texts = SectionTexts(self)
        self.writing = False
        """Whether the cursor is in the text."""
        self._outline = Outline()
        self._editor = SectionEditor(self)
        self._shown: Section | None = None
        self._rest: Timer | None = None
        self._search = ""
        self._noted = ""
        """The text of the editor as it was loaded or noted last."""
        self._version: int | None = None
        """That of the section which the text is typed over."""

    @property
    def _sections(self) -> dict[int, Section]:
        return {one.id: one for one in (self.found.sections if self.found else ()) if one.id is not None}

    def turn(self, what: str) -> None:
        """Show the page or not, or the text alone."""

    def _take(self) -> None:
        """Show what was read."""

    def _follow_text(self) -> None:
        """Bring what stands beside the text up to date with it."""

    def focus_body(self) -> None:
        """Give the keys back to the outline, or to the text."""
        self.set_focus(self._editor if self.writing else self._outline)

    def write(self) -> None:
        """Put the cursor into the text."""
        if self._shown is None or self.session.actor.readonly:
            return
        if self.has_class("-page") and self.has_class("-narrow"):
            self.turn("page")
        self.writing = True
        self.set_focus(self._editor)
        self._go_on()
        self.show_keys()

    def _go_on(self) -> None:
        if self.writing:
            self._editor.go_on()

    def stop_writing(self) -> None:
        """Go back to the outline."""
        self.writing = False
        self.set_focus(self._outline)
        self.show_keys()

    def pressed(self, _editor: Widget, event: events.Key) -> bool:
        """Act on a key of the text that is not the text's own; return whether that was all there is to do."""
        if not self.writing:
            return True
        name = keymap.name_of(event.key, event.character)
        command = self.session.keymap.lookup(name, ("writing",), "document") if not event.is_printable else None
        if command is None or not command.instant:
            return False
        with contextlib.suppress(StopIteration):
            self.run(command).send(None)  # it neither waits nor asks: the next key finds it done
        return True

    def pasted(self, _editor: Widget, _event: events.Paste) -> bool:
        """What is pasted is meant for the text only while one writes in it."""
        return not self.writing

    def leave_text(self) -> None:
        """Go back to the outline, and save."""
        self.stop_writing()
        self.save_text(told=False)

    def save_text(self, *, told: bool = True) -> None:
        """Save the section."""
        if self._shown is not None:
            self.background(self._save(self._shown, told=told))

    def stamp(self) -> None:
        """Let lines begin with the time, or no more."""
        self._editor.timestamps = not self._editor.timestamps
        if self._editor.timestamps:
            self._editor.stamp()
        self.say(_("Lines begin with the time") if self._editor.timestamps else _("Lines begin without the time"))

    def find(self, *, again: bool = False) -> None:
        """Find a text in the section: ask for it, or go on with the last one."""
        if again and self._search:
            self._find_next()
        else:
            self.background(self._ask_and_find())

    async def _ask_and_find(self) -> None:
        wanted = await self.ask(_("Find"), self._search)
        if wanted:
            self._search = wanted
            self._find_next()
        self.focus_body()

    def _find_next(self) -> None:
        if not self._editor.find(self._search):
            self.say(_("{text} stands nowhere in this section").format(text=self._search))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Something was typed; all but the text itself follows once nothing is typed any more."""
        event.stop()
        if self._shown is None or self.found is None or self._shown.id is None:
            return
        if not self.writing and self._shown.id not in self.texts.typed:
            return
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._rested)

    def note(self) -> None:
        """Take note of what was typed since the text was loaded or last noted."""
        one = self._shown
        if one is None or one.id is None or self._editor.text == self._noted:
            return
        self._noted = self._editor.text
        self.texts.take(self._sections.get(one.id, one), self._noted, self._version)

    def was_saved(self, section: int, version: int) -> None:
        """Take note that a section was saved: what is typed on into it is typed over that version."""
        if self._shown is not None and self._shown.id == section:
            self._version = version

    def _loaded(self, section: Section, text: str) -> None:
        """Take note that the editor shows a section's text."""
        held = self.texts.typed.get(section.id or 0)
        self._noted = text
        self._version = held.version if held else self.found.versions.get(section.id or 0) if self.found else None

    def on_too_long(self, event: TooLong) -> None:
        """More was pasted than fits: nothing was taken."""
        event.stop()
        self.say(event.words, problem=True)

    def _rested(self) -> None:
        self._rest = None
        self.note()
        self._follow_text()

    # Saving

    def _keep_typed(self) -> None:
        self.note()
        if self.texts.typed:
            self.background(self.texts.keep_all())

    def keep_draft(self) -> None:
        """Keep what is typed, for when this session ends before it is saved. Waits for the disk."""
        self.note()
        self.texts.keep_now()

    async def keep(self) -> bool:
        """Save all that was typed; return whether nothing is left to save."""
        self.note()
        saved = True
        for section in list(self.texts.typed):
            gone = Section(_("Section"), body="\0", id=section)  # taken away by somebody else: that is found out
            saved = await self.texts.save(self._sections.get(section) or gone) and saved
        if self.found is not None:
            await self.read()
            self._take()
        return saved

    async def put(self, section: Section, text: str, version: int) -> None:
        """Save a text that was written elsewhere: conflicts are settled, and nothing is lost, as with what is typed."""
        self.texts.take(section, text, version)
        self._take()  # it stands on the screen from now on, as if it was typed there
        await self._save(section, told=True)

    async def _save(self, one: Section, *, told: bool = False) -> None:
        self.note()
        if one.id not in self.texts.typed:
            if told:
                self.say(_("Everything is saved"))
            return
        saved = await self.texts.save(one)
        if not self.is_attached:
            return
        await self.read()
        self._take()
        if told and saved:
            self.say(_("Saved; u undoes it"))
        elif not saved:
            problem = self.texts.typed[one.id or 0].problem if one.id in self.texts.typed else ""
            self.say(_("{heading} is not saved: {problem}").format(heading=one.heading, problem=problem), problem=True)

    def escape(self) -> None:
        """Leave; what was typed is saved, or stays a draft where it cannot be."""
        self.background(self._leave())

    def close(self) -> None:
        """Leave, too."""
        self.background(self._leave())

    async def _leave(self) -> None:
        if await self.keep():
            self.crm.close_screen()
            return
        if await self.confirm(_("Not all of it can be saved. Leave? What you typed stays as a draft.")):
            await self.texts.keep_all()
            self.crm.close_screen()
