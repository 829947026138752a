"""Keys, each with what it does, as the last line of dialogs and typing widgets shows them."""

from __future__ import annotations

from textual.content import Content

from crm_tui.widgets.guard import one_line

_APART = "   "


def keys_said(*pairs: tuple[str, str]) -> Content:
    """Return keys, each with what it does: the keys stand out, the words take the widget's colour."""
    parts: list[tuple[str, str] | str] = []
    for key, does in pairs:
        parts += [_APART if parts else "", (one_line(key), "bold not dim $foreground"), f" {one_line(does)}"]
    return Content.assemble(*parts)
