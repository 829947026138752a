"""A widget that draws its own lines and repaints only those that look different: the base of lists, bars and boards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

Line = list[Segment]
"""One line of a widget; its segments fill exactly the widget's width."""


class LineWidget(Widget, inherit_bindings=False):
    """A widget that says how each of its lines looks, drawn fastest without padding and border.

    A subclass overrides ``line`` and calls ``draw`` whenever an answer of it may have changed. Resizing, themes and
    focus are seen to here.
    """

    ALLOW_SELECT = False

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.extent = Size(0, 0)
        """The widget's size as it was last painted; cheaper to ask for than ``size``."""
        self._lines: list[Line] | None = None  # as they are painted; None when all are to be painted
        self._strips: dict[int, Strip] = {}  # those lines as the screen takes them
        self._framed = False
        self._resolved: dict[tuple[str, ...], Style] = {}

    def line(self, y: int) -> Line:
        """Return line ``y`` of the widget as it should look now."""
        return [Segment(" " * self.extent.width, self.rich_style)]

    def draw(self, *places: int) -> None:
        """Paint the lines that look different from what is painted; only those at ``places`` if any are named."""
        if self._lines is None:
            return
        width, height = self.extent
        regions: list[Region] = []
        for y in [y for y in places if 0 <= y < height] if places else range(height):
            line = self.line(y)
            if line != self._lines[y]:
                first, end = differing(self._lines[y], line, width)
                self._lines[y] = line
                last = regions[-1] if regions else None
                if last is not None and (last.bottom, last.x, last.right) == (y, first, end):
                    regions[-1] = last.grow((0, 0, 1, 0))
                else:
                    regions.append(Region(first, y, end - first, 1))
        if regions:
            self.refresh(*regions)

    def style_of(self, names: tuple[str, ...]) -> Style:
        """Return the style of component classes laid over each other; kept until theme or focus change."""
        style = self._resolved.get(names)
        if style is None:
            style = self._resolved[names] = self.get_component_styles(*names).rich_style
        return style

    def notify_style_update(self) -> None:
        """Resolve the styles anew; Textual calls this often, and seldom is anything different."""
        super().notify_style_update()
        self._resolved.clear()
        self._strips.clear()
        self._framed = bool(self.styles.gutter)
        if self._lines is not None:
            self.call_next(self.draw)

    def measure(self) -> None:
        """Take note of the widget's size."""
        if self.extent != (size := self.size):
            self.extent = size
            self._lines = None
            self._strips.clear()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint these parts of the widget anew, or all of it."""
        if regions:
            for region in regions:
                for y in region.line_range:
                    self._strips.pop(y, None)
        else:
            self._strips.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a part of the widget for the screen. For every key Textual asks for all of each widget of
        which a line changes, and looks for what is to be drawn round them; where there is nothing, lines are kept."""
        self.measure()
        if self._framed:
            return super().render_lines(crop)
        kept, first, end = self._strips, *crop.column_span
        if missing := [y for y in crop.line_range if y not in kept]:
            background, filters = self.background_colors[1], self.get_line_filters()
            for y in missing:
                strip = self.render_line(y)
                for last in filters:  # the guard among them
                    strip = strip.apply_filter(last, background)
                kept[y] = strip
        strips = [kept[y] for y in crop.line_range]
        return strips if (first, end) == (0, self.extent.width) else [strip.crop(first, end) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Return one line as the widget draws it."""
        if self._lines is None:
            self._lines = [self.line(place) for place in range(self.extent.height)]
        parts = [part for part in self._lines[y] if part.text]  # an empty one would part what looks alike
        return Strip(Segment.simplify(parts), self.extent.width)  # what looks alike is sent with one style


def differing(old: Sequence[Segment], new: Sequence[Segment], width: int) -> tuple[int, int]:
    """Return from where to where, in cells, two lines look different: over SSH each cell counts."""
    first, end, at, behind = 0, width, 0, 1
    shortest = min(len(old), len(new))
    while at < shortest and old[at] == new[at]:
        first += new[at].cell_length
        at += 1
    while behind <= shortest - at and old[-behind] == new[-behind]:
        end -= new[-behind].cell_length
        behind += 1
    if behind <= shortest - at and old[-behind].style == new[-behind].style:
        end -= _alike(old[-behind].text, new[-behind].text)
    return first, max(first, end)


def _alike(old: str, new: str) -> int:
    """Return how many cells two texts end with alike, where that is plain. Textual cuts a line off behind the last cell
    that differs, but not before the first: at the other end nothing is won."""
    same = 0
    for one, other in zip(reversed(old), reversed(new), strict=False):
        if one != other or not one.isascii():
            break
        same += 1
    return same
