"""A document: its sections at the left, the text of one in the middle, the whole as it reads at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from crm_tui.commands.context import Context
from crm_tui.commands.shown import DocumentView
from crm_tui.documents import layout, sections
from crm_tui.documents.kinds import NOTES_KIND
from crm_tui.errors import NotFound
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.models.base import Entity, entities
from crm_tui.queries import documents
from crm_tui.screens import document_lines
from crm_tui.screens.document_writing import Writing
from crm_tui.screens.section_texts import KEEP_EVERY, is_same
from crm_tui.session import Session
from crm_tui.widgets.outline import Outline
from crm_tui.widgets.page_view import PageView
from crm_tui.widgets.record_view import RecordView

WIDE = 140
"""From so many cells on the page stands beside the text."""

_CONCERNED = frozenset({"document", "section", "approval", "revision", "task", "checklist_item", "contact"})


class DocumentScreen(Writing):
    """One document, worked on section by section."""

    DEFAULT_CSS = """
    DocumentScreen #document { height: 1fr; }
    DocumentScreen Outline { width: 30; }
    DocumentScreen #writing { width: 1fr; }
    DocumentScreen SectionEditor { height: 1fr; padding: 0 1; background: $background; border: none; }
    DocumentScreen #below { height: 2; }
    DocumentScreen PageView { width: 42%; display: none; }
    DocumentScreen.-narrow Outline { width: 22; }
    DocumentScreen.-page PageView { display: block; }
    DocumentScreen.-page.-narrow #writing { display: none; }
    DocumentScreen.-page.-narrow PageView { width: 1fr; }
    DocumentScreen.-alone Outline { display: none; }
    DocumentScreen.-alone PageView { display: none; }
    DocumentScreen.-alone #writing { display: block; }
    """

    def __init__(self, session: Session, record: int) -> None:
        super().__init__(session, record)
        self.title_of_place = _("Documents")
        self._page, self._below = PageView(), RecordView(id="below")
        self._folded: set[int] = set()
        self._page_wanted: bool | None = None
        self._reading = False

    # The frame

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]  # keys differ while one writes
        """Where keys are looked up: those of the text while one writes in it."""
        return ("writing",) if self.writing else ("document", "record")

    @property
    def entity(self) -> Entity | None:
        """Commands act on the document."""
        return entities["document"]

    @property
    def document_view(self) -> DocumentView:
        """What is on the screen."""
        return self

    def context(self) -> Context:
        """Commands act on the document, and on the section at the cursor."""
        context = super().context()
        context.ids = (self.record,)
        context.shown = (entities["document"], self.record)
        context.given = {"about": "document", "record": str(self.record)}
        return context

    def crumbs(self) -> Sequence[str]:
        """Workspace, list, and what it is called."""
        title = self.found.title if self.found else ""
        return (self.session.name, _("Documents"), title)

    def compose_body(self) -> ComposeResult:
        """Outline, text and page."""
        with Horizontal(id="document"):
            yield self._outline
            with Vertical(id="writing"):
                yield self._editor
                yield self._below
            yield self._page

    def on_mount(self) -> None:
        """Show the document, or read it first."""
        super().on_mount()
        self._editor.colour(self.app.get_css_variables())
        self.app.theme_changed_signal.subscribe(self, self._themed)
        self.set_interval(KEEP_EVERY, self._keep_typed)
        self._lay_out()
        self.focus_body()
        if self.read_already() and self.found is not None:
            self._take()
            self.background(self._begin())
        else:
            self.background(self._read_and_begin())

    def _themed(self, _theme: object) -> None:
        self._editor.colour(self.app.get_css_variables())

    async def read(self) -> None:
        """Read the document."""
        self.found = await self.call(documents.whole, self.session.actor, self.record)

    async def _read_and_begin(self) -> None:
        await self.read()
        self._take()
        await self._begin()

    async def _begin(self) -> None:
        """Bring drafts back; notes that are empty are begun at once."""
        self.placed()
        await self.texts.restore(self._sections)
        if self.texts.typed:
            self._outline.go_to(next(iter(self.texts.typed)))
            self._take()
        held = self.found
        if held and held.kind == NOTES_KIND and len(held.sections) == 1 and not held.sections[0].body:
            self.turn("text")
            self.write()

    # Size

    def on_resize(self, _event: events.Resize) -> None:
        """Narrow terminals show the page instead of the text."""
        self._lay_out()

    def _lay_out(self) -> None:
        wide = self.size.width >= WIDE
        self.set_class(not wide, "-narrow")
        self.set_class(wide if self._page_wanted is None else self._page_wanted, "-page")

    def on_page_view_resized(self, _event: PageView.Resized) -> None:
        """The page is laid out for its width."""
        self._show_page()

    def turn(self, what: str) -> None:
        """Show the page or not, or the text alone."""
        if what == "text":
            self.toggle_class("-alone")
        else:
            self.remove_class("-alone")
            self._page_wanted = not self.has_class("-page")
        self._lay_out()

    # What is shown

    def _take(self) -> None:
        """Show what was read, the cursor where it was."""
        if self.found is None:
            return
        self._editor.names = self.found.people
        self._outline.show(
            document_lines.rows(self.found, self.texts.text_of, self.texts.typed, self._folded),
            document_lines.foot(self.found),
        )
        self._show_section()
        self._show_page()
        self.show_place()
        self.show_keys()

    def _show_outline(self) -> None:
        if self.found is not None:
            shown = document_lines.rows(self.found, self.texts.text_of, self.texts.typed, self._folded)
            self._outline.show(shown, document_lines.foot(self.found))

    def _follow_text(self) -> None:
        self._show_outline()
        self._show_below()
        self._show_page()
        self.show_place()

    def show_place(self) -> None:
        """Bring the first line up to date."""
        super().show_place()
        if self.found is not None:
            self._status.update(counts=document_lines.state(self.found, bool(self.texts.typed)))

    def _show_section(self) -> None:
        """Show the text of the section at the cursor, unless it is on the screen already."""
        self.note()
        wanted = self._sections.get(self._outline.cursor_id or 0)
        former, self._shown = self._shown, wanted
        if former is not None and former.id not in self._sections and former.id in self.texts.typed:
            self.stop_writing()  # somebody took it away: what is typed on is not meant for another one
            self.background(self._save(former))
        if wanted is None:
            if self.writing:
                self.stop_writing()
            self._editor.begin("", sections.TEXT)
            self._editor.read_only, self._noted = True, ""
        else:
            text = self.texts.text_of(wanted)
            self._editor.kind = wanted.kind
            self._editor.read_only = self.session.actor.readonly
            if former is None or former.id != wanted.id:
                self._editor.begin(text, wanted.kind)
                self._loaded(wanted, text)
            elif text != self._editor.text and not (self.writing and is_same(wanted, self._editor.text)):
                place = self._editor.cursor_location
                self._editor.load_text(text)
                self._editor.move_cursor(place)
                self._loaded(wanted, text)
            elif wanted.id not in self.texts.typed:
                self._loaded(wanted, self._editor.text)
        self._show_below()

    def _show_below(self) -> None:
        if self._shown is not None and self.found is not None:
            held = self.texts.typed.get(self._shown.id or 0)
            now = replace(self._shown, body=self._editor.text)
            self._below.show(document_lines.below(self.found, now, held.problem if held else ""))
        else:
            self._below.show(document_lines.nothing())

    def _show_page(self) -> None:
        if not self.is_attached or not self._page.display or self.found is None:
            return
        width = max(10, self._page.size.width - 2)
        lines: list[layout.Line] = []
        top = 0
        for one in self.found.sections:
            if one.id == (self._shown.id if self._shown else None):
                top = len(lines)
            lines += [*layout.section(replace(one, body=self.texts.text_of(one)), width), ()]
        room = self._page.size.height
        keep = self._page.top <= top < self._page.top + room - 2
        self._page.show(lines, self._page.top if keep else top)

    # Moving

    @property
    def section(self) -> int | None:
        """The section at the cursor."""
        return self._outline.cursor_id

    def move(self, steps: int) -> None:
        """Go to another section; what was typed into this one is saved."""
        former = self._shown
        self.note()
        if self._outline.move(steps):
            self._come_from(former, further=True)

    async def go_to(self, section: int, *, write: bool = False) -> None:
        """Read anew and go to a section."""
        await self.read()
        self._take()
        if section in self._sections and not self._outline.go_to(section):
            self._folded.clear()  # it is below one that is folded
            self._take()
            self._outline.go_to(section)
        self._show_section()
        self._show_page()
        if write:
            self.write()

    def on_outline_chosen(self, event: Outline.Chosen) -> None:
        """A section was clicked."""
        former = self._shown
        if self._outline.go_to(event.row_id):
            self._come_from(former)

    def _come_from(self, former: sections.Section | None, *, further: bool = False) -> None:
        """Show the section at the cursor, and save what was typed in the one before."""
        self._show_section()
        if further:
            self._go_on()
        self._show_page()
        if former is not None and former.id in self.texts.typed:
            self.background(self._save(former))

    def scroll_pages(self, pages: float) -> None:
        """Move in the page, or in the text where the page is not shown."""
        if self._page.display and not self.has_class("-alone"):
            self._page.scroll_lines_to(self._page.top + int(pages * self._page.size.height))
        else:
            self._editor.scroll_relative(y=int(pages * self._editor.size.height), animate=False)

    def fold(self) -> None:
        """Hide what is indented below the section, or show it."""
        if self.section is not None:
            self._folded ^= {self.section}
            self._take()

    # Others

    def data_changed(self, changed: Changed) -> None:
        """Somebody changed something, here or elsewhere."""
        if _CONCERNED & set(changed.records) and not self._reading:
            self._reading = True
            self.set_timer(0.1, lambda: self.background(self._read_again()))

    async def _read_again(self) -> None:
        self._reading = False
        self.note()
        try:
            await self.read()
        except NotFound as error:
            self.keep_draft()
            self.crm.close_screen()
            if hasattr(self.app.screen, "say"):
                self.app.screen.say(str(error), problem=True)
            return
        self._take()

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        super().on_screen_resume()
        self.focus_body()
        if self.found is not None and not self._reading:
            self._reading = True
            self.background(self._read_again())
