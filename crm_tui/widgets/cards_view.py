"""The grid of a dashboard on the screen."""

from __future__ import annotations

from typing import ClassVar

from crm_tui.widgets.page_view import PageView


class CardsView(PageView):
    """Draws the grid, and keeps what the cursor is on in sight."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"page-view--better", "page-view--worse", "page-view--cursor"}
    DEFAULT_CSS = """
    CardsView {
        & > .page-view--better { color: $text-success; }
        & > .page-view--worse { color: $text-error; }
        & > .page-view--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
        &:ansi > .page-view--cursor { text-style: reverse; }
    }
    """

    def keep_in_sight(self, y: int, height: int) -> None:
        """Scroll no further than it takes to see some lines."""
        room = max(1, self.extent.height)
        if y < self.top:
            self.scroll_lines_to(y)
        elif y + height > self.top + room:
            self.scroll_lines_to(min(y, y + height - room))
