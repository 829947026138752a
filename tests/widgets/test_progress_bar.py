"""A long operation shows how far it is, draws little, and stops when asked to."""

from __future__ import annotations

import asyncio
import threading

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from crm_tui.widgets.glyphs import ASCII
from crm_tui.widgets.progress_bar import ProgressLine
from tests.widgets.typing_desk import EVIL, THEMES, Told, TypingDesk, harmless, screen_lines


class Watched(ProgressLine):
    """A line that counts how often it is drawn."""

    drawings = 0
    drawn: asyncio.Event

    def draw(self, *places: int) -> None:
        self.drawings += 1
        super().draw(*places)
        self.drawn.set()


class ProgressDesk(TypingDesk):
    def __init__(self, **options) -> None:
        self.line = Watched()
        super().__init__(self.line, **options)

    def on_progress_line_stop_wanted(self, event: ProgressLine.StopWanted) -> None:
        self.tell(event)


async def started(pilot: Pilot[None], desk: ProgressDesk, title: str = "Archiving") -> None:
    desk.line.drawn = asyncio.Event()
    desk.line.start(title)
    await pilot.pause()


async def reached(desk: ProgressDesk, done: int, of: int) -> str:
    """The line once it shows what was reached."""
    desk.line.drawn.clear()
    desk.line.advance(done, of)
    await asyncio.wait_for(desk.line.drawn.wait(), 5)
    return screen_lines(desk)[-1]


async def test_title_bar_and_count_are_shown() -> None:
    desk = ProgressDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        assert not desk.line.running and screen_lines(desk)[-1] == ""
        await started(pilot, desk)
        half = await reached(desk, 5000, 10000)
        assert half == f" Archiving  {'▇' * 15}{'▁' * 15}   5,000 of 10,000           esc stop"
        assert await reached(desk, 12, 0) == " Archiving  12" + " " * 57 + "esc stop"
        desk.line.finish()
        await pilot.pause()
        assert not desk.line.running and screen_lines(desk)[-1] == ""


async def test_it_is_drawn_seldom_however_often_it_advances_from_another_thread() -> None:
    desk = ProgressDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await started(pilot, desk)
        before = desk.line.drawings

        def work() -> None:
            for done in range(50_000):
                desk.line.advance(done, 50_000)

        thread = threading.Thread(target=work)
        began = asyncio.get_running_loop().time()
        thread.start()
        while thread.is_alive():
            await pilot.pause()
        await reached(desk, 50_000, 50_000)
        ticks = (asyncio.get_running_loop().time() - began) / 0.1
        assert desk.line.drawings - before <= ticks + 2
        assert "50,000 of 50,000" in screen_lines(desk)[-1]


async def test_stopping_is_asked_for_once_and_said() -> None:
    desk = ProgressDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.line.stop()
        await started(pilot, desk)
        desk.line.stop()
        desk.line.stop()
        await pilot.pause()
        assert (desk.told, desk.line.stopping) == ([Told("StopWanted")], True)
        assert screen_lines(desk)[-1].endswith("stopping")
        await started(pilot, desk)
        assert not desk.line.stopping
        await pilot.click(desk.line, offset=(75, 0))
        assert desk.told == [Told("StopWanted")] * 2


async def test_keys_stay_with_the_screen() -> None:
    desk = ProgressDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await started(pilot, desk)
        await pilot.press("j", "escape")
        assert desk.reached == ["j", "escape"] and desk.focused is desk.list


@pytest.mark.parametrize("theme", THEMES)
async def test_every_theme_and_ascii(theme: str) -> None:
    desk = ProgressDesk(theme=theme, glyphs=ASCII)
    async with desk.run_test(size=(60, 24)) as pilot:
        await started(pilot, desk)
        line = await reached(desk, 1, 4)
        assert line.startswith(" Archiving  ####") and line.isascii()


async def test_any_width_and_hostile_titles_leave_the_line_whole() -> None:
    desk = ProgressDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        for text in EVIL:
            await started(pilot, desk, text)
            assert harmless(desk)
            for numbers in ((0, 0), (3, 10**9), (11, 10), (-1, 5)):
                desk.line._shown = numbers
                for width in (1, 2, 9, 30, 80, 200):
                    desk.line.extent = desk.line.extent.with_width(width)
                    assert sum(cell_len(segment.text) for segment in desk.line.line(0)) == width
