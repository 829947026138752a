"""The characters that are not words: one set for terminals that draw Unicode, one for those that only have ASCII."""

from __future__ import annotations

from typing import NamedTuple

from textual.dom import DOMNode


class Glyphs(NamedTuple):
    """Marks drawn by the widgets; every one is exactly one cell wide."""

    cursor: str
    selected: str
    placeholder: str
    ellipsis: str
    ascending: str
    descending: str
    position: str
    crumb: str
    between: str
    """Stands between two days of a month."""
    ticked: str
    """Before how much of a checklist is done."""
    again: str
    """Before what recurs."""


UNICODE = Glyphs("▌", "✓", "·", "…", "▲", "▼", "▐", "▸", "│", "☑", "↻")
ASCII = Glyphs(">", "*", ".", "~", "^", "v", "|", ">", "|", "v", "@")


def glyphs_of(widget: DOMNode) -> Glyphs:
    """Return the set the app of ``widget`` draws with: its attribute ``glyphs``, or Unicode where it has none."""
    chosen = getattr(widget.app, "glyphs", UNICODE)
    return chosen if isinstance(chosen, Glyphs) else UNICODE
