"""The first line says where one is; what matters least gives way first."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.widgets.desk import Desk, lines, sent
from tests.widgets.resizing import resized
from tests.widgets.test_guard import HOSTILE

RIGHT = ["3 online", "2 new", "14:02"]


def fill(desk: Desk) -> None:
    desk.status.update(
        crumbs=["Atelier Norte", "Clients"],
        counts="99,812 · 1,248 match",
        query="stage:active owner:me last-contact<-30d",
        right=RIGHT,
    )


async def test_everything_is_said_where_there_is_room() -> None:
    desk = Desk()
    async with desk.run_test(size=(140, 24)) as pilot:
        fill(desk)
        await pilot.pause()
        (line,) = lines(desk.status)
        assert line.split("   ")[0] == " Atelier Norte ▸ Clients"
        assert "99,812 · 1,248 match   stage:active owner:me last-contact<-30d" in line
        assert line.endswith("   3 online   2 new   14:02 ")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, " Atelier Norte ▸ Clients   99,812 · 1,248 match   stage:active owner:me…   3 online   2 new   14:02 "),
        (80, " Atelier Norte ▸ Clients   99,812 · 1,248 match      3 online   2 new   14:02 "),
        (60, " Atelier Norte ▸ Clients   99,812 · 1,248 match    14:02 "),
        (40, " Atelier Norte ▸ Clients                "),
        (20, " Clients            "),
        (6, " Cli… "),
    ],
)
async def test_the_query_gives_way_first_the_screen_last(width: int, shown: str) -> None:
    desk = Desk()
    async with desk.run_test(size=(width, 24)) as pilot:
        fill(desk)
        await pilot.pause()
        (line,) = lines(desk.status)
        assert line.split() == shown.split()
        assert cell_len(line) == width


async def test_only_a_difference_is_painted() -> None:
    desk = Desk()
    async with desk.run_test(size=(100, 24)) as pilot:
        fill(desk)
        await pilot.pause()
        before = desk.status._lines
        assert before is not None
        kept = before[0]
        desk.status.update(right=RIGHT)
        assert desk.status._lines is not None and desk.status._lines[0] is kept
        desk.status.update(right=["14:03"])
        assert "14:03" in lines(desk.status)[0]


async def test_hostile_texts_are_only_text() -> None:
    desk = Desk(guarded=False)
    async with desk.run_test(size=(100, 24)) as pilot:
        for text in HOSTILE:
            desk.status.update(crumbs=[text, text], counts=text, query=text, right=[text])
            await pilot.pause()
            (line,) = lines(desk.status)
            assert cell_len(line) == 100 and "\x1b" not in line
            assert "\x1b]52" not in sent(desk)


async def test_any_width_is_filled() -> None:
    desk = Desk()
    async with desk.run_test(size=(100, 24)) as pilot:
        fill(desk)
        for width in (1, 2, 3, 7, 25, 44, 90, 300):
            await resized(pilot, width, 5)
            assert cell_len(lines(desk.status)[0]) == width
