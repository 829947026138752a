"""The list of every screen: asks for what it shows, keeps its cursor, never waits, paints only what is different."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from crm_tui.widgets.columns import Column
from crm_tui.widgets.glyphs import ASCII
from crm_tui.widgets.loaded_rows import WINDOW, Row
from crm_tui.widgets.record_list import PREFETCH
from tests.widgets.desk import Desk, client, cursor_line, lines, sent_for

SIZE = (80, 24)
BODY = 21


async def test_rows_stand_under_their_labels_with_the_cursor_marked() -> None:
    desk = Desk(range(3))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.set_sort("name", descending=True)
        await pilot.pause()
        header, first, second, third, below = lines(desk.records)[:5]
        assert header.split() == ["Name", "▼", "Stage", "Score"]
        assert first.split() == ["▌", "Client", "000000", "active", "0"]
        assert second.split() == ["Client", "000001", "dormant", "1"]
        assert header.index("Stage") == first.index("active")
        assert below.strip() == ""


async def test_ascii_terminals_get_ascii_marks() -> None:
    desk = Desk(range(300), glyphs=ASCII)
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.set_sort("name")
        desk.records.toggle()
        await pilot.pause()
        shown = lines(desk.records)
        assert shown[0].split()[:2] == ["Name", "^"]
        assert shown[1].startswith(">*Client")
        assert all(line.isascii() for line in shown)


# Windows


@pytest.mark.parametrize("count", [100, 1_000_000])
async def test_only_what_is_shown_is_asked_for_once(count: int) -> None:
    desk = Desk(range(0))
    async with desk.run_test(size=SIZE) as pilot:
        desk.held = True
        desk.records.reset(2)
        desk.records.set_count(count)
        await pilot.pause()
        for _ in range(20):
            desk.records.move(1)
        await pilot.pause()
        assert [offset for generation, offset in desk.asked if generation == 2] == [0]


async def test_the_neighbouring_window_is_asked_for_before_the_cursor_reaches_it() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.go_to(WINDOW - PREFETCH - 1)
        await pilot.pause()
        assert desk.asked == [(1, 0)]
        desk.records.move(1)
        await pilot.pause()
        assert desk.asked == [(1, 0), (1, WINDOW)]
        desk.records.go_to(6 * WINDOW + WINDOW // 2)
        await pilot.pause()
        assert desk.asked[2:] == [(1, 6 * WINDOW)]
        desk.records.go_to(6 * WINDOW + PREFETCH - 1)
        await pilot.pause()
        assert desk.asked[3:] == [(1, 5 * WINDOW)]


async def test_rows_that_have_not_come_are_quiet_places_and_the_cursor_moves_over_them() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.held = True
        desk.records.end()
        desk.records.move(-2)
        await pilot.pause()
        assert lines(desk.records)[1].split() == ["·", "·", "·"]
        assert (desk.records.cursor, desk.records.cursor_id) == (997, None)
        desk.records.open()
        desk.answer(1, 800)
        await pilot.pause()
        assert desk.records.cursor_id == 1997
        assert "Client 000997" in lines(desk.records)[cursor_line(desk) + 1]
        assert desk.opened == []


async def test_a_slow_answer_leaves_the_cursor_moving_in_what_is_on_screen() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.held = True
        desk.records.reset(2)
        desk.records.move(4)
        await pilot.pause()
        assert "Client 000004" in lines(desk.records)[5]
        assert desk.records.cursor_id == 1004
        desk.rows = [client(index) for index in range(500, 520)]
        desk.records.set_count(20)
        desk.answer(2, 0)
        await pilot.pause()
        assert "Client 000500" in lines(desk.records)[1]
        assert (desk.records.cursor, desk.records.cursor_id, desk.records.count) == (0, 1500, 20)


async def test_an_answer_to_the_query_before_changes_nothing() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.reset(2)
        await pilot.pause()
        desk.records.set_window(1, 0, [client(0, "Outdated")])
        await pilot.pause()
        assert "Client 000000" in lines(desk.records)[1]


async def test_a_query_that_failed_is_asked_again_at_the_next_key() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.held = True
        desk.records.reset(2)
        await pilot.pause()
        desk.records.window_failed(2, 0)
        desk.held = False
        desk.records.move(1)
        await pilot.pause()
        assert desk.asked == [(1, 0), (2, 0), (2, 0)]


async def test_other_columns_come_with_the_rows_that_fill_them() -> None:
    desk = Desk(range(5))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.held = True
        desk.records.set_columns([Column("city", "City", width=20)])
        desk.records.reset(2, keep_cursor=True)
        await pilot.pause()
        assert lines(desk.records)[0].split() == ["Name", "Stage", "Score"]
        desk.records.set_count(1)
        desk.records.set_window(2, 0, [Row(1, ("Berlin",))])
        await pilot.pause()
        assert [line.split() for line in lines(desk.records)[:2]] == [["City"], ["▌", "Berlin"]]


# Cursor


async def test_the_cursor_is_told_of_once_it_rests() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE):
        await desk.cursor_rests()
        for _ in range(30):
            desk.records.move(1)
        await desk.cursor_rests()
        assert desk.moved == [(0, 1000), (30, 1030)]


async def test_an_empty_list_tells_that_there_is_no_record_any_more() -> None:
    desk = Desk(range(10))
    async with desk.run_test(size=SIZE):
        await desk.cursor_rests()
        desk.rows = []
        desk.records.reset(2)
        desk.records.set_count(0)
        await desk.cursor_rests()
        assert desk.moved == [(0, 1000), (0, None)]


async def test_pages_keep_the_cursor_on_its_line_and_stop_at_the_ends() -> None:
    desk = Desk(range(100))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.records.move(3)
        desk.records.page(1)
        assert (desk.records.cursor, cursor_line(desk)) == (3 + BODY - 1, 3)
        desk.records.half_page(1)
        assert (desk.records.cursor, cursor_line(desk)) == (3 + BODY - 1 + BODY // 2, 3)
        desk.records.page(9)
        assert (desk.records.cursor, cursor_line(desk)) == (99, BODY - 1)
        desk.records.page(-9)
        assert (desk.records.cursor, cursor_line(desk)) == (0, 0)
        desk.records.end()
        assert desk.records.cursor == 99
        desk.records.home()
        assert (desk.records.cursor, cursor_line(desk)) == (0, 0)
        desk.records.move(-1)
        assert desk.records.cursor == 0


async def test_a_step_past_the_edge_shows_half_a_screen_of_what_comes() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.records.move(BODY - 1)
        assert cursor_line(desk) == BODY - 1
        desk.records.move(1)
        assert (desk.records.cursor, cursor_line(desk)) == (BODY, BODY // 2)


async def test_a_move_paints_two_lines_in_few_bytes() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        sent_for(desk.records)
        desk.records.painted.clear()
        desk.records.move(1)
        assert sorted(desk.records.painted) == [1, 2]
        assert len(sent_for(desk.records).encode()) <= 370


async def test_the_mouse_moves_opens_and_scrolls() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.click(desk.records, offset=(5, 4))
        assert (desk.records.cursor, desk.opened) == (3, [])
        await pilot.double_click(desk.records, offset=(5, 6))
        assert (desk.records.cursor, desk.opened) == (5, [1005])
        await pilot.click(desk.records, offset=(5, 0))
        assert desk.records.cursor == 5
        for event in (MouseScrollDown, MouseScrollDown, MouseScrollUp):
            await pilot._post_mouse_events([event], desk.records, offset=(5, 5))
        assert (desk.records.cursor, cursor_line(desk)) == (6, 3)


# Another session's changes


async def test_the_cursor_stays_on_its_record_and_line_when_rows_come_before_it() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.go_to(60)
        desk.records.move(3)
        await pilot.pause()
        line = cursor_line(desk)
        desk.rows[10:10] = [client(5000), client(5001)]
        desk.records.refresh_rows(0, desk.rows[:200], 1002, 65)
        await pilot.pause()
        assert (desk.records.cursor, desk.records.cursor_id, cursor_line(desk)) == (65, 1063, line)


async def test_the_cursor_moved_since_the_change_was_looked_up_and_stays_where_it_went() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.go_to(63)
        await pilot.pause()
        desk.rows[10:10] = [client(5000)]
        desk.records.move(4)
        desk.records.refresh_rows(0, desk.rows[:200], 1001, 64)
        assert (desk.records.cursor, desk.records.cursor_id) == (68, 1067)


async def test_when_its_record_is_gone_the_cursor_keeps_its_place() -> None:
    desk = Desk(range(10))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.end()
        await pilot.pause()
        del desk.rows[9]
        desk.records.refresh_rows(0, desk.rows, 9, None)
        assert (desk.records.cursor, desk.records.cursor_id) == (8, 1008)


async def test_a_change_elsewhere_paints_only_the_line_it_is_seen_in() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.records.painted.clear()
        desk.rows[7] = client(7, "Renamed")
        desk.records.refresh_rows(0, desk.rows[:200], 1000, 0)
        assert desk.records.painted == [8]
        assert "Renamed" in lines(desk.records)[8]


async def test_a_refresh_forgets_windows_asked_for_before_it() -> None:
    desk = Desk(range(1000))
    async with desk.run_test(size=SIZE) as pilot:
        await pilot.pause()
        desk.held = True
        there = 4 * WINDOW
        desk.records.go_to(there + WINDOW // 2)
        await pilot.pause()
        desk.records.refresh_rows(0, desk.rows[:WINDOW], 1000, None, generation=2)
        desk.records.set_window(1, there, [client(there + index, "Outdated") for index in range(WINDOW)])
        await pilot.pause()
        assert not any("Outdated" in line for line in lines(desk.records))
        assert desk.asked[-2:] == [(1, there), (2, there)]


async def test_sorted_anew_the_cursor_follows_its_record() -> None:
    desk = Desk(range(30))
    async with desk.run_test(size=SIZE) as pilot:
        desk.records.go_to(4)
        await pilot.pause()
        desk.rows.reverse()
        desk.records.reset(2, keep_cursor=True)
        desk.records.set_count(30)
        await pilot.pause()
        assert (desk.records.cursor, desk.records.cursor_id) == (25, 1004)
