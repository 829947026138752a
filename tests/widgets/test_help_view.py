"""The ``?`` screen: what can be done here, found by a few letters, run by enter."""

from __future__ import annotations

import pytest

from crm_tui.widgets.command_line import KnownCommand
from crm_tui.widgets.glyphs import ASCII
from crm_tui.widgets.help_view import HelpGroup, HelpView
from tests.widgets.resizing import resized
from tests.widgets.typing_desk import EVIL, THEMES, Told, TypingDesk, harmless, screen_lines, screen_text

HERE = HelpGroup(
    "Clients",
    (
        KnownCommand("client.add", "add", "Add a client: a form opens.", "a"),
        KnownCommand("client.archive", "archive", "Take a client out of the lists. " * 3, "d, delete"),
        KnownCommand("client.assign", "assign", "Give a client to another operator.", "@", "there is no record here"),
    ),
)
EVERYWHERE = HelpGroup(
    "Everywhere",
    (
        KnownCommand("record.undo", "undo", "Undo my last operation, whatever it was.", "u"),
        KnownCommand("go.clients", "clients", "Show the list of clients.", "g c"),
    ),
)


class HelpDesk(TypingDesk):
    def __init__(self, *groups: HelpGroup, **options) -> None:
        self.view = HelpView(groups or (HERE, EVERYWHERE))
        super().__init__(self.view, **options)
        self.list.display = self.list.can_focus = False

    def on_help_view_run(self, event: HelpView.Run) -> None:
        self.tell(event, event.command_id)

    def on_help_view_closed(self, event: HelpView.Closed) -> None:
        self.tell(event)


def rows(desk: HelpDesk) -> list[str]:
    return [line.strip("▌▐ ") for line in screen_lines(desk) if line.strip("▌▐ ")]


async def test_commands_stand_in_groups_with_keys_title_and_help() -> None:
    desk = HelpDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = rows(desk)
        assert shown.index("Clients") < shown.index("Everywhere") < shown.index("Filter")
        assert "a          add      Add a client: a form opens." in shown
        assert "@          assign   not now: there is no record here" in shown
        assert shown[-2:] == ["Add a client: a form opens.", "enter run   esc back" + shown[-1][20:]]
        assert shown[-1].endswith("a   client.add")


async def test_enter_runs_what_letters_of_title_key_id_or_help_find() -> None:
    desk = HelpDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        for typed in ("undo", "record.un", "last operation", "u"):
            await pilot.press(*typed, "enter", "ctrl+u")
        await pilot.press("down", "enter")
        assert desk.told == [Told("Run", "record.undo")] * 4 + [Told("Run", "client.archive")]


async def test_one_that_cannot_run_says_why_in_full() -> None:
    desk = HelpDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"assign")
        assert "Give a client to another operator. Not now: there is no record here." in rows(desk)
        await pilot.press("enter")
        assert desk.told == [Told("Run", "client.assign")]  # the screen refuses it in the one place that does


async def test_the_query_language_is_explained_and_found_as_it_is_written() -> None:
    desk = HelpDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"has:")
        assert "has:email no:phone  filled in, or empty" in rows(desk)
        await pilot.press("enter")
        assert desk.told == []
        await pilot.press("ctrl+u", "end")
        assert any(row.startswith("wheel") for row in rows(desk))


async def test_esc_empties_the_line_first_and_then_goes_back() -> None:
    desk = HelpDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"zzz")
        assert 'Nothing is found by "zzz".' in screen_text(desk)
        await pilot.press("enter", "escape")
        assert "Clients" in rows(desk) and desk.told == []
        await pilot.press("escape")
        assert desk.told == [Told("Closed")]
        assert desk.reached == []


async def test_the_cursor_passes_headings_and_the_first_heading_comes_back_in_sight() -> None:
    desk = HelpDesk()
    async with desk.run_test(size=(80, 14)) as pilot:
        await pilot.press("down", "down", "down", "enter")
        assert desk.told == [Told("Run", "record.undo")]
        await pilot.press("end", "home")
        assert "Clients" in rows(desk)


async def test_a_click_goes_there_and_a_second_runs() -> None:
    desk = HelpDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        line = next(y for y, text in enumerate(screen_lines(desk)) if "undo" in text)
        await pilot.click(offset=(15, line))
        assert desk.told == []
        await pilot.click(offset=(15, line))
        assert desk.told == [Told("Run", "record.undo")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_everything_is_in_sight_in_every_theme(theme: str, size: tuple[int, int]) -> None:
    desk = HelpDesk(theme=theme)
    async with desk.run_test(size=size) as pilot:
        await pilot.pause()
        text = screen_text(desk)
        for shown in ("type to find", "archive", "g c", "enter run   esc back", "client.add"):
            assert shown in text


async def test_hostile_commands_and_any_size() -> None:
    evil = HelpGroup("[/x]\x1b[2J", tuple(KnownCommand(text, text, text, text, text) for text in EVIL))
    desk = HelpDesk(evil, glyphs=ASCII)
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in EVIL:
            await pilot.press("down")
            assert harmless(desk)
        for size in ((160, 45), (20, 8), (3, 3), (1, 1), (80, 24)):
            await resized(pilot, *size)
            assert harmless(desk)
