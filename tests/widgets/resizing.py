"""A terminal of another size."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot


async def resized(pilot: Pilot[Any], width: int, height: int) -> None:
    """Give the terminal another size, and wait until the screen has it and all on it is laid out anew."""
    await pilot.resize_terminal(width, height)
    while tuple(pilot.app.screen._compositor.size) != (width, height):
        await pilot.pause(0.01)
    for _round in range(3):
        await pilot.pause()
