"""The last line shows the keys that work now, as many as fit."""

from __future__ import annotations

from rich.cells import cell_len

from crm_tui.widgets.key_bar import KeyHint
from tests.widgets.desk import Desk, lines
from tests.widgets.resizing import resized
from tests.widgets.test_guard import HOSTILE

HINTS = [
    KeyHint("enter", "open"),
    KeyHint("a", "add"),
    KeyHint("x", "fulfil", enabled=False, why="This order is already fulfilled."),
    KeyHint("m", "log contact"),
]


async def test_the_most_useful_keys_come_first_and_help_last() -> None:
    desk = Desk()
    async with desk.run_test(size=(80, 5)) as pilot:
        desk.keys.show(HINTS)
        await pilot.pause()
        assert lines(desk.keys)[0].rstrip() == " enter open  a add  (x fulfil)  m log contact  ? help"
        await resized(pilot, 36, 5)
        assert lines(desk.keys)[0].rstrip() == " enter open  a add  ? help"
        await resized(pilot, 8, 5)
        assert lines(desk.keys)[0].rstrip() == " ? help"
        await resized(pilot, 3, 5)
        assert lines(desk.keys)[0] == "   "


async def test_a_prefix_shows_what_may_follow() -> None:
    desk = Desk()
    async with desk.run_test(size=(60, 5)) as pilot:
        desk.keys.show(HINTS)
        desk.keys.say("go to", [KeyHint("t", "Today"), KeyHint("c", "Clients")])
        await pilot.pause()
        assert lines(desk.keys)[0].rstrip() == " go to  t Today  c Clients"
        desk.keys.say("")
        assert lines(desk.keys)[0].startswith(" enter open")


async def test_a_click_tells_the_key() -> None:
    desk = Desk()
    async with desk.run_test(size=(80, 5)) as pilot:
        desk.keys.show(HINTS)
        await pilot.pause()
        await pilot.click(desk.keys, offset=(14, 0))
        await pilot.click(desk.keys, offset=(70, 0))
        await pilot.click(desk.keys, offset=(22, 0))
        assert desk.chosen == ["a", "x"]


async def test_hostile_titles_and_any_width_leave_the_line_whole() -> None:
    desk = Desk(guarded=False)
    async with desk.run_test(size=(80, 5)) as pilot:
        desk.keys.show([KeyHint("x", text) for text in HOSTILE])
        for message in ("", *HOSTILE):
            desk.keys.say(message, [KeyHint("t", HOSTILE[0])] if message else ())
            for width in (1, 2, 9, 80, 200):
                desk.keys.extent = desk.keys.extent.with_width(width)
                text = "".join(segment.text for segment in desk.keys.line(0))
                assert cell_len(text) == width and "\x1b" not in text
        await pilot.pause()
