"""Two versions of a document, word by word: side by side where there is room, else in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from crm_tui.commands.context import Choice
from crm_tui.documents import compare
from crm_tui.documents.compare import Difference, Piece
from crm_tui.documents.layout import DIM, HEADING, Line, Span, wrapped
from crm_tui.errors import CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.queries import documents
from crm_tui.screens.base import CrmScreen
from crm_tui.session import Session
from crm_tui.widgets.page_view import PageView

SIDE_BY_SIDE = 110
"""From so many cells on two versions stand beside each other."""


class CompareScreen(CrmScreen):
    """How two revisions of a document differ."""

    scopes: ClassVar[tuple[str, ...]] = ("compare",)
    DEFAULT_CSS = "CompareScreen PageView { height: 1fr; }"

    def __init__(self, session: Session, given: Mapping[str, str]) -> None:
        super().__init__(session)
        self.title_of_place = _("Compare")
        self._record = int(given["document"])
        self._before = int(given["before"]) if given.get("before") else None
        self._after = int(given.get("after") or 0)
        self._page = PageView()
        self._found: list[Difference] = []
        self._beside: bool | None = None
        self._whole = False
        self._places: list[int] = []

    @property
    def compare_view(self) -> CompareScreen:
        """What is compared."""
        return self

    def compose_body(self) -> ComposeResult:
        """The lines."""
        yield self._page

    def crumbs(self) -> Sequence[str]:
        """Workspace, and which two versions."""
        return (self.session.name, _("Documents"), _("{before} against {after}").format(
            before=self._called(self._before), after=self._called(self._after)))  # fmt: skip

    def _called(self, number: int | None) -> str:
        return _("now") if number == 0 else _("revision {n}").format(n=number or "?")

    def on_mount(self) -> None:
        """Read the two versions."""
        super().on_mount()
        self.background(self._read())

    async def _read(self) -> None:
        if self._before is None:
            kept = await self.call(documents.revisions, self._record)
            choices = [Choice(str(one.number), one.shown) for one in kept]
            earlier = await self.choose(_("Compare which revision?"), choices)
            if not earlier:
                self.crm.close_screen()
                return
            self._before = int(earlier[0])
            others = [Choice("0", _("what stands there now")), *(one for one in choices if one.value != earlier[0])]
            later = await self.choose(_("With which?"), others) if len(others) > 1 else ["0"]
            if not later:
                self.crm.close_screen()
                return
            self._after = int(later[0])
        self._found = await self.call(documents.compared, self._record, self._before, self._after)
        self.show_place()
        self._show()

    def on_page_view_resized(self, _event: PageView.Resized) -> None:
        """There may be room for both beside each other now."""
        self._show()

    def turn(self) -> None:
        """Show the versions beside each other, or in one."""
        self._beside = not self._is_beside
        self._show()

    def show_same(self) -> None:
        """Show what is the same, too, or no more."""
        self._whole = not self._whole
        self._show()

    @property
    def _is_beside(self) -> bool:
        return self.size.width >= SIDE_BY_SIDE if self._beside is None else self._beside

    def _show(self) -> None:
        if not self.is_attached:
            return
        width = max(20, self._page.size.width - 2)
        lines: list[Line] = []
        self._places = []
        for one in self._found:
            if one.how != compare.SAME or self._whole:
                if one.how != compare.SAME:
                    self._places.append(len(lines))
                lines += [*_section(one, width, self._is_beside, self._whole), ()]
        changed = sum(one.how != compare.SAME for one in self._found)
        if not lines and self._found:
            lines = [(Span(_("They say the same."), DIM),)]
        self._page.show(lines)
        said = ngettext("{n} section differs", "{n} sections differ", changed).format(n=changed)
        self._status.update(counts=said)

    def scroll_by(self, lines: int) -> None:
        """Move by lines."""
        self._page.scroll_lines_to(self._page.top + lines)

    def scroll_pages(self, pages: float) -> None:
        """Move by pages, or halves of one."""
        self.scroll_by(int(pages * max(1, self._page.size.height - 2)))

    def to_difference(self, step: int) -> None:
        """Move to the next section that differs, or the one before."""
        top = self._page.top
        there = [place for place in self._places if (place > top if step > 0 else place < top)]
        if not there:
            raise CrmError(_("Nothing else differs in that direction."))
        self._page.scroll_lines_to(there[0] if step > 0 else there[-1])

    def escape(self) -> None:
        """Back to the document."""
        self.crm.close_screen()


_SAID = {compare.ADDED: "+", compare.REMOVED: "-", compare.CHANGED: "~", compare.SAME: " "}


def _section(one: Difference, width: int, beside: bool, whole: bool) -> Iterable[Line]:
    heading = one.section.heading
    if one.before and one.after and one.before.heading != one.after.heading:
        heading = f"{one.before.heading} → {one.after.heading}"
    yield (Span(f"{_SAID[one.how]} {heading}", HEADING),)
    for text in _facts(one):
        yield (Span(f"  {text}", DIM),)
    for line in one.lines:
        if line.how == compare.SAME and not whole and len(one.lines) > 40:
            continue
        if beside:
            yield from _beside(line, width)
        else:
            yield from wrapped(_spans(compare.inline(line)), width, "  ", "  ")


def _facts(one: Difference) -> list[str]:
    """What differs of a section besides its text."""
    if one.before is None or one.after is None:
        return []
    names = {"kind": _("holds"), "level": _("indented"), "required": _("required"), "hint": _("hint")}
    return [
        f"{label}: {getattr(one.before, name)} → {getattr(one.after, name)}"
        for name, label in names.items()
        if getattr(one.before, name) != getattr(one.after, name)
    ]


def _spans(pieces: Iterable[Piece]) -> list[Span]:
    return [Span(piece.text, "" if piece.how == compare.SAME else piece.how) for piece in pieces]


def _beside(line: compare.Line, width: int) -> Iterable[Line]:
    from rich.cells import cell_len

    half = (width - 3) // 2
    left = wrapped(_spans(line.before or []), half)
    right = wrapped(_spans(line.after or []), half)
    for at in range(max(len(left), len(right), 1)):
        first = left[at] if at < len(left) else ()
        used = sum(cell_len(span.text) for span in first)
        second = right[at] if at < len(right) else ()
        yield (*first, Span(" " * max(0, half - used)), Span(" │ ", DIM), *second)
