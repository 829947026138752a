"""Choosing from a list: letters find, enter accepts, esc leaves; several are marked and put in order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from textual import events

from crm_tui.widgets.chooser import Chooser
from crm_tui.widgets.glyphs import ASCII
from tests.widgets.resizing import resized
from tests.widgets.typing_desk import EVIL, THEMES, TypingDesk, harmless, screen_lines, screen_text


@dataclass(frozen=True)
class Line:
    value: str
    label: str
    hint: str = ""
    chosen: bool = False


VIEWS = (Line("1", "My active clients", "v 1"), Line("2", "Not contacted", "v 2"), Line("3", "Łódź", "12 clients"))
COLUMNS = tuple(
    Line(name, name.capitalize(), chosen=name in ("name", "stage")) for name in ("name", "stage", "score", "owner")
)


def marked(desk: TypingDesk) -> list[str]:
    return [line.split("✓")[1].split()[0] for line in screen_lines(desk) if "✓" in line]


def at_cursor(desk: TypingDesk) -> str:
    return next((line.split("▌")[1].strip("✓│ ▐") for line in screen_lines(desk) if "▌" in line), "")


async def test_letters_find_and_enter_answers_the_value() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Saved views", VIEWS))
        await pilot.press(*"lodz")
        text = screen_text(desk)
        assert "Łódź" in text and "1 of 3" in text and "Not contacted" not in text
        await pilot.press("enter")
        assert desk.answers == [["3"]]
        assert desk.reached == []


async def test_hints_stand_at_the_right_edge() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Saved views", VIEWS))
        await pilot.pause()
        lines = [line for line in screen_lines(desk) if "v 1" in line or "12 clients" in line]
        assert len({len(line) for line in lines}) == 1 and lines[0].split("v 1")[1] == lines[1].split("12 clients")[1]


async def test_esc_and_a_click_beside_the_box_leave() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Saved views", VIEWS))
        await pilot.press("x", "escape")
        desk.ask(Chooser("Saved views", VIEWS))
        await pilot.pause()
        await pilot.click(offset=(0, 23))
        assert desk.answers == [None, None]


async def test_the_cursor_begins_at_what_is_chosen_now_and_moves_by_all_keys() -> None:
    desk = TypingDesk()
    many = [Line(str(number), f"Client {number:05}", chosen=number == 7) for number in range(5000)]
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Client", many))
        await pilot.pause()
        seen = [at_cursor(desk)]
        for key in ("down", "up", "ctrl+n", "ctrl+p", "end", "home", "pagedown", "pageup"):
            await pilot.press(key)
            seen.append(at_cursor(desk))
        numbers = [int(label.split()[1]) for label in seen]
        assert numbers == [7, 8, 7, 8, 7, 4999, 0, 13, 0]
        await pilot.press(*"4321", "enter")
        assert desk.answers == [["4321"]]


async def test_several_are_marked_with_space_and_accepted_together() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Columns", COLUMNS, several=True))
        await pilot.pause()
        assert marked(desk) == ["Name", "Stage"] and "2 marked" in screen_text(desk)
        await pilot.press("down", "space", *"own", "space", "enter")
        assert desk.answers == [["name", "owner"]]
        desk.ask(Chooser("Columns", COLUMNS, several=True))
        await pilot.press("space", "space", "enter")
        assert desk.answers[-1] == []


async def test_marked_lines_are_put_in_order() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Columns", COLUMNS, several=True, ordered=True))
        await pilot.press("J", "K", "J", "J", "J", "J", "up", "space", "K", "enter")
        assert desk.answers == [["stage", "owner", "name"]]
        desk.ask(Chooser("Columns", COLUMNS, several=True, ordered=True))
        await pilot.press(*"own", "space", "K", "ctrl+u", "end", "shift+up", "shift+up", "shift+up", "enter")
        assert desk.answers[-1] == ["owner", "name", "stage"]


async def test_order_changes_among_what_is_found_only() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(
            Chooser(
                "Columns", [Line(n, n, chosen=True) for n in ("ab", "x", "ac", "y", "ad")], several=True, ordered=True
            )
        )
        await pilot.press("a", "J", "enter")
        assert desk.answers == [["x", "ac", "ab", "y", "ad"]]


async def test_what_cannot_be_had_says_why_and_is_not_chosen() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Commands", VIEWS, why_not={"2": "there is no record here"}))
        await pilot.press(*"not")
        assert "there is no record here" in at_cursor(desk)
        await pilot.press("enter")
        assert desk.answers == [] and "Not contacted: there is no record here" in screen_text(desk)
        await pilot.press("ctrl+u")
        assert "Not contacted: there" not in screen_text(desk)


async def test_nothing_found_and_nothing_there_are_said() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Saved views", VIEWS))
        await pilot.press(*"qq", "enter", "down", "space")
        assert 'Nothing is found by "qq ".' in screen_text(desk) and desk.answers == []
        await pilot.press("escape")
        desk.ask(Chooser("Saved views", (), empty="No views yet; V saves this one."))
        await pilot.press("enter", "down", "end", "pageup")
        assert "No views yet; V saves this one." in screen_text(desk)


async def test_a_click_chooses() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Saved views", VIEWS))
        await pilot.pause()
        line = next(y for y, text in enumerate(screen_lines(desk)) if "Not contacted" in text)
        await pilot.click(offset=(20, line))
        assert desk.answers == [["2"]]
        desk.ask(Chooser("Columns", COLUMNS, several=True))
        await pilot.pause()
        await pilot.click(offset=(20, line))
        assert marked(desk) == ["Name"]


async def test_keys_typed_before_it_is_there_are_used_when_it_is() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        chooser = Chooser("Saved views", VIEWS)
        assert await chooser.take(events.Key("l", "l"))
        assert await chooser.take(events.Key("o", "o"))
        desk.ask(chooser)
        await pilot.pause()
        await pilot.press("enter")
        assert desk.answers == [["3"]]


async def test_the_app_keeps_its_own_keys() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Chooser("Saved views", VIEWS))
        await pilot.press("ctrl+c")
        assert desk.reached == ["ctrl+c"] and desk.answers == []
        await pilot.press("ctrl+q")
        assert desk._exit


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_everything_is_in_sight_in_every_theme(theme: str, size: tuple[int, int]) -> None:
    desk = TypingDesk(theme=theme)
    async with desk.run_test(size=size) as pilot:
        desk.ask(Chooser("Columns", COLUMNS, several=True, ordered=True))
        await pilot.pause()
        text = screen_text(desk)
        for shown in (
            "Columns",
            "type to find",
            "✓ Name",
            "Owner",
            "2 marked",
            "space mark   J K move   enter accept   esc leave",
        ):
            assert shown in text


async def test_any_size_and_hostile_choices() -> None:
    desk = TypingDesk(glyphs=ASCII)
    async with desk.run_test(size=(80, 24)) as pilot:
        lines = [Line(str(at), text, text, chosen=at == 1) for at, text in enumerate(EVIL)]
        desk.ask(Chooser(EVIL[0] + "[/x]", lines, why_not={"3": EVIL[1]}, empty=EVIL[2]))
        await pilot.pause()
        for key in ("end", "home", "[", "x", "enter"):
            await pilot.press(key)
            assert harmless(desk)
        desk.ask(Chooser("[/x]", lines, several=True, ordered=True))
        await pilot.press("down", "down", "down", "J")
        for size in ((160, 45), (20, 8), (3, 3), (1, 1), (80, 24)):
            await resized(pilot, *size)
            assert harmless(desk)
