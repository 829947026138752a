"""A form as it is seen: the lines of its fields, scrolled so that the one being filled in is in view."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size

from crm_tui.widgets.form.completion import Completion
from crm_tui.widgets.form.lines import FormLines
from crm_tui.widgets.form.plan import Plan
from crm_tui.widgets.form.state import FormState
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.line_widget import Line, LineWidget


class FormSheet(LineWidget, inherit_bindings=False):
    """Draws a form: its fields in one or two columns, offered values over them, and a line of help below."""

    def __init__(
        self, state: FormState, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.state = state
        """What the form holds."""
        self.completion = Completion()
        """The values offered for what is being typed."""
        self._top = 0
        self._planned: Size | None = None
        self._plan = Plan([], "", 0, 0)
        self._look: FormLines | None = None

    @property
    def _body(self) -> int:
        """Lines for fields, above the one of help."""
        return max(0, self.extent.height - 1)

    @property
    def mark_region(self) -> Region:
        """The cell of the current field's mark."""
        place = self._plan.places[self.state.at] if self.state.fields else None
        return Region(place.x, place.y - self._top, 1, 1) if place else Region()

    @property
    def value_region(self) -> Region:
        """Where the current field's value is edited."""
        if not self.state.fields or self._look is None:
            return Region()
        place = self._plan.places[self.state.at]
        y, body = place.y - self._top, max(0, (self._planned or self.extent).height - 1)
        return Region(place.value_x, y, self._look.editor_width(self.state.at), max(0, min(place.lines, body - y)))

    def plan_for(self, size: Size) -> None:
        """Place the fields for a widget of ``size``, unless that is how they stand."""
        if size != self._planned:
            self._replan(size)

    def arrange_fields(self) -> None:
        """Place the fields anew, and paint what looks different."""
        self._replan(self.extent)
        self.draw()
        for editor in self.children:
            if editor.display:
                editor.refresh(
                    layout=True
                )  # Textual asks the parent of whoever wants a layout where its children stand

    def update_fields(self) -> None:
        """Paint what looks different; where a problem has come or gone, place the fields anew."""
        fields = self.state.fields
        if any(
            bool(place.problem) != bool(entry.problem) for place, entry in zip(self._plan.places, fields, strict=False)
        ):
            self.arrange_fields()
        else:
            self.draw()

    def _replan(self, size: Size) -> None:
        self._planned = size
        width, body = max(0, size.width - 1), max(0, size.height - 1)
        self._plan = Plan(self.state.fields, self.state.notice, width, body)
        self._look = FormLines(self.state, self._plan, self.completion, glyphs_of(self), self._style)
        if self.state.fields:
            place = self._plan.places[self.state.at]
            first = 0 if self.state.at == 0 else place.y
            self._top = max(place.end - body, min(self._top, first))
        self._top = max(0, min(self._top, self._plan.lines - body))

    def scroll_lines(self, lines: int) -> int:
        """Scroll down, or up by a negative number; return the field in view that is nearest to the current one."""
        self._top = max(0, min(self._top + lines, self._plan.lines - self._body))
        return self._plan.nearest(self.state.at, self._top, self._body)

    # What is under the mouse

    def offer_at(self, y: int) -> str | None:
        """Return the offered value on a line of the widget."""
        offers = self._offers()
        line = y + self._top
        return self.completion.values[self.completion.shown()[line - offers.start]] if line in offers else None

    def field_at(self, x: int, y: int) -> int | None:
        """Return the field at a cell of the widget."""
        if y >= self._body:
            return None
        return next((at for at in self._plan.at(y + self._top) if x in self._plan.places[at].cells), None)

    def word_at(self, x: int) -> str | None:
        """Return which of the values to choose from is drawn at a column, in the current field."""
        return self._look.word_at(x) if self._look else None

    # Drawing

    def on_resize(self) -> None:
        """Place the fields for the new size."""
        self.measure()
        self.arrange_fields()

    def line(self, y: int) -> Line:
        """Return a line of the form, or at the bottom the line of help."""
        self.plan_for(self.extent)
        width, body = self.extent.width, self._body
        if self._look is None or width < 1:
            return []
        if y >= body:
            return self._look.help(width)
        thumb = y in self._plan.thumb(self._top, body)
        glyph = glyphs_of(self).position if thumb else " "
        return [*self._look.line(y + self._top, self._offers()), Segment(glyph, self._style("hint"))]

    def _offers(self) -> range:
        """Return the lines of the form that offered values cover: below the current field, or above it."""
        count = len(self.completion.shown())
        if not count or not self.state.fields:
            return range(0)
        place = self._plan.places[self.state.at]
        below = place.y + place.lines
        if below - self._top + count <= self._body:
            return range(below, below + count)
        first = max(self._top, place.y - count)
        return range(first, min(first + count, place.y))

    def _style(self, part: str) -> Style:
        return self.style_of((f"record-form--{part}",))
