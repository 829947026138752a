"""The themes: two of our own, calm, with one accent; the terminal's sixteen colours; none at all."""

from __future__ import annotations

import os

from textual.theme import Theme

DARK = Theme(
    name="crm-dark",
    primary="#7aa2c9",
    secondary="#8fae9f",
    accent="#7aa2c9",
    foreground="#d7d9dc",
    background="#16181b",
    surface="#1b1e22",
    panel="#22262b",
    success="#8fb573",
    warning="#d3a95c",
    error="#d87c7c",
    dark=True,
)
LIGHT = Theme(
    name="crm-light",
    primary="#2f5f8f",
    secondary="#4b6f5e",
    accent="#2f5f8f",
    foreground="#24272b",
    background="#fafaf8",
    surface="#f2f2ef",
    panel="#e7e7e3",
    success="#3f7a2b",
    warning="#8a5a00",
    error="#a62b2b",
    dark=False,
)

_TEXTUAL = {"dark": DARK.name, "light": LIGHT.name, "terminal": "ansi-dark", "mono": "ansi-dark"}


def theme_name(chosen: str) -> str:
    """Return Textual's name of a theme of ours; "" is dark, or what NO_COLOR asks for (only ansi themes obey it)."""
    if os.environ.get("NO_COLOR") and chosen != "light":
        return _TEXTUAL["mono"]
    return _TEXTUAL.get(chosen, DARK.name)
