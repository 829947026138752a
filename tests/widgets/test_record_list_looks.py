"""What is selected in a list, and how a list looks: narrow, wide, hostile, of any size and in every theme."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from crm_tui.widgets.selection import Selection
from tests.widgets.desk import Desk, client, cursor_line, lines, sent
from tests.widgets.resizing import resized
from tests.widgets.test_guard import HOSTILE, acts_on_terminal

SIZE = (80, 24)
BODY = 21

# Selection


async def test_selected_rows_bear_a_mark_and_are_counted() -> None:
    desk = Desk(range(30))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.records.toggle()
        desk.records.move(1)
        desk.records.toggle()
        desk.records.toggle(1005)
        await pilot.pause()
        assert [line[:2] for line in lines(desk.records)[1:4]] == [" ✓", "▌✓", "  "]
        assert desk.records.selection == Selection(ids=frozenset({1000, 1001, 1005}))
        desk.records.clear_selection()
        await pilot.pause()
        assert desk.selected == [1, 2, 3, 0]


async def test_all_that_match_are_selected_loaded_or_not_except_some() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.records.select_all()
        desk.records.toggle(1002)
        await pilot.pause()
        assert [line[1] for line in lines(desk.records)[1:5]] == ["✓", "✓", " ", "✓"]
        desk.records.set_count(1200)
        await pilot.pause()
        assert desk.selected == [1000, 999, 1199]
        assert desk.records.selection == Selection(all_matching=True, excluded=frozenset({1002}))


async def test_another_query_selects_nothing_another_order_keeps_the_selection() -> None:
    desk = Desk(range(30))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.records.toggle()
        desk.records.reset(2, keep_cursor=True)
        await pilot.pause()
        assert 1000 in desk.records.selection
        desk.records.reset(3)
        await pilot.pause()
        assert not desk.records.selection


# Looks


async def test_an_empty_list_says_what_it_is_for() -> None:
    desk = Desk(range(0))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        shown = [line.strip() for line in lines(desk.records)]
        assert "No clients yet." in shown and "Press a to add the first." in shown
        assert desk.records.cursor_id is None
        desk.records.open()
        desk.records.toggle()
        desk.records.page(1)
        desk.rows = [client(0)]
        desk.records.reset(2)
        desk.records.set_count(1)
        await pilot.pause()
        assert "Client 000000" in lines(desk.records)[1]


async def test_narrow_lists_lose_the_columns_that_matter_least() -> None:
    desk = Desk(range(3))
    async with desk.run_test(size=(24, 10)) as pilot:
        await pilot.pause()
        assert lines(desk.records)[0].split() == ["Name", "Stage"]
        await resized(pilot, 16, 10)
        assert lines(desk.records)[0].split() == ["Name"]
        await resized(pilot, 120, 10)
        assert lines(desk.records)[0].split() == ["Name", "Stage", "Score"]


async def test_wide_characters_and_marks_do_not_break_the_columns() -> None:
    names = [
        "株式会社アクメ東京本店営業部第二課",
        "👩\u200d👧\u200d👦 family",
        "e\u0301" * 30,
        "🇩🇪 Bólido",
        "❤️ x",
        "Łódź",
    ]
    desk = Desk([client(index, name) for index, name in enumerate(names)])
    async with desk.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        for line in lines(desk.records)[1 : len(names) + 1]:
            stage = max(line.find("active"), line.find("dormant"))
            assert cell_len(line) == 40
            assert cell_len(line[:stage]) == 40 - 1 - len("dormant  ") - 1 - 5


@pytest.mark.parametrize("guarded", [True, False])
async def test_hostile_cells_do_not_reach_the_terminal(guarded: bool) -> None:
    desk = Desk([client(index, name) for index, name in enumerate(HOSTILE)], guarded=guarded)
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert not any(acts_on_terminal(character) for line in lines(desk.records) for character in line)
        assert all(cell_len(line) == SIZE[0] for line in lines(desk.records))
        assert "]52;c" in sent(desk) and "\x1b]52" not in sent(desk)


async def test_the_list_survives_any_size_and_looks_right_at_the_end() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.go_to(500)
        for size in ((1, 1), (2, 3), (3, 2), (300, 100), (1, 100), (300, 1), (5, 4), (80, 3)):
            await resized(pilot, *size)
            desk.records.move(1)
            desk.records.page(-1)
            desk.records.page(1)
            assert all(cell_len(line) == desk.records.size.width for line in lines(desk.records))
        await resized(pilot, *SIZE)
        await pilot.pause()
        assert desk.records.cursor_id == 1000 + desk.records.cursor
        assert f"Client {desk.records.cursor:06d}" in lines(desk.records)[cursor_line(desk) + 1]
        assert len(lines(desk.records)) == BODY + 1


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
async def test_cursor_and_selection_stand_out_in_every_theme(theme: str) -> None:
    desk = Desk(range(5))
    async with desk.run_test(size=SIZE) as pilot:
        desk.theme = theme
        desk.records.toggle(1002)
        await pilot.pause()
        strips = desk.records.render_lines(desk.records.size.region)
        cursor, plain, selected = (next(iter(strip)).style for strip in strips[1:4])
        assert len({cursor, plain, selected}) == 3


async def test_another_theme_is_seen_at_once() -> None:
    desk = Desk(range(5))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        dark = desk.records.render_lines(desk.records.size.region)
        desk.theme = "textual-light"
        await pilot.pause()
        light = desk.records.render_lines(desk.records.size.region)
        assert [strip.text for strip in dark] == [strip.text for strip in light]
        assert not {segment.style for strip in dark for segment in strip} & {
            segment.style for strip in light for segment in strip
        }


async def test_without_colour_the_cursor_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    desk = Desk(range(5))
    async with desk.run_test(size=SIZE) as pilot:
        desk.theme = "ansi-dark"
        await pilot.pause()
        strips = desk.records.render_lines(desk.records.size.region)
        cursor, plain = (next(iter(strip)).style for strip in strips[1:3])
        assert cursor is not None and cursor.reverse
        assert plain is not None and not plain.reverse
