"""Questions: yes is one key, everything else is no; one line of text, checked as it is typed."""

from __future__ import annotations

import pytest
from textual import events

from crm_tui.errors import BadInput
from crm_tui.widgets.dialogs import Ask, Confirm
from crm_tui.widgets.glyphs import ASCII
from tests.widgets.resizing import resized
from tests.widgets.typing_desk import EVIL, THEMES, TypingDesk, harmless, screen_lines, screen_text


def a_number(text: str) -> int:
    if not text.isdecimal():
        raise BadInput("Type a whole number, such as 30.", position=(0, len(text)))
    return int(text)


async def test_only_the_named_key_says_yes() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        for key in ("y", "Y", "n", "enter", "escape", "space", "d", "ctrl+y", "f1", "tab"):
            desk.ask(Confirm("Archive 12 clients?", "y", asked="d"))
            await pilot.press(key)
        assert desk.answers == [True] + [False] * 9
        assert desk.reached == []


async def test_both_answers_are_said_with_their_keys() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Confirm("Archive 12 clients?\n\nUndo brings them back.", yes="archive them", no="leave them"))
        await pilot.pause()
        text = screen_text(desk)
        assert "y archive them   esc or any other key leave them" in text
        assert "Archive 12 clients?" in text and "Undo brings them back." in text


@pytest.mark.parametrize("asked", ["y", "Y", "o", "d"])
async def test_the_key_that_asked_never_says_yes(asked: str) -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        confirm = Confirm("Leave?", asked, asked=asked)
        assert confirm.key != asked
        desk.ask(confirm)
        await pilot.press(asked)
        assert desk.answers == [False]


async def test_pasting_answers_nothing_and_a_click_beside_says_no() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Confirm("Archive?"))
        await pilot.pause()
        desk.post_message(events.Paste("y"))
        await pilot.pause()
        await pilot.click(".dialog--text")
        assert desk.answers == []
        await pilot.click(offset=(0, 0))
        assert desk.answers == [False]


async def test_the_app_keeps_its_own_keys() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Confirm("Archive?"))
        await pilot.press("ctrl+c")
        desk.ask(Ask("Name"))
        await pilot.press("ctrl+c")
        assert desk.reached == ["ctrl+c", "ctrl+c"] and desk.answers == []
        await pilot.press("ctrl+q")
        assert desk._exit


async def test_a_line_is_typed_and_answered() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Ask("Name of the view", "My clients", help="Others see it when you share it."))
        await pilot.pause()
        text = screen_text(desk)
        assert "Name of the view" in text and "My clients" in text and "Others see it" in text
        await pilot.press(*" 2", "enter")
        assert desk.answers == ["My clients 2"]


async def test_what_will_not_do_is_said_at_once_and_enter_waits() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Ask("Days", "30", check=a_number))
        await pilot.pause()
        assert "whole number" not in screen_text(desk)
        await pilot.press("x")
        assert "Type a whole number, such as 30." in screen_text(desk)
        await pilot.press("enter")
        assert desk.answers == []
        await pilot.press("backspace")
        assert "whole number" not in screen_text(desk)
        await pilot.press("enter")
        assert desk.answers == ["30"]
        desk.ask(Ask("Days", check=a_number))
        await pilot.press("enter")
        assert "whole number" in screen_text(desk) and len(desk.answers) == 1


async def test_esc_leaves_but_not_with_what_was_typed() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Ask("Name", "x"))
        await pilot.press("escape")
        assert desk.answers == [None]
        desk.ask(Ask("Name", "x"))
        await pilot.press("y", "escape")
        assert len(desk.answers) == 1 and "esc once more drops what you typed" in screen_text(desk)
        await pilot.press("z", "escape", "escape")
        assert desk.answers == [None, None]


async def test_text_longer_than_allowed_is_not_taken() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Ask("Code", "abcdef", longest=4))
        await pilot.press("x", "left", "backspace", *"12", "enter")
        assert desk.answers == ["ab1d"]


async def test_keys_typed_before_it_is_there_are_used_when_it_is() -> None:
    desk = TypingDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        ask = Ask("Name")
        assert await ask.take(events.Key("a", "a"))
        desk.ask(ask)
        await pilot.press("b", "enter")
        assert desk.answers == ["ab"]


@pytest.mark.parametrize("theme", THEMES)
async def test_every_theme_shows_a_whole_box(theme: str) -> None:
    desk = TypingDesk(theme=theme)
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.ask(Ask("Name of the view", "x", help="Shown in the list of views."))
        await pilot.pause()
        boxed = [line.strip() for line in screen_lines(desk) if line.strip() not in ("", "the list")]
        assert boxed[0][0] == "╭" and boxed[-1][-1] == "╯"
        assert all(line[0] == line[-1] == "│" for line in boxed[1:-1])


async def test_hostile_texts_and_any_size() -> None:
    desk = TypingDesk(glyphs=ASCII)
    async with desk.run_test(size=(80, 24)) as pilot:
        for text in EVIL:

            def refuse(_typed: str, text: str = text) -> None:
                raise BadInput(text, position=(-3, 10**9))

            desk.ask(Ask(text, text, help=text, check=refuse))
            await pilot.press("x")
            assert harmless(desk)
            desk.ask(Confirm(text, yes=text, no=text))
            await pilot.pause()
            assert harmless(desk)
            desk.pop_screen()
            await desk.pop_screen()
        desk.ask(Ask("[/x]", "[@click=app.quit]"))
        for size in ((160, 45), (20, 8), (3, 3), (1, 1), (80, 24)):
            await resized(pilot, *size)
        assert "[/x]" in screen_text(desk) and "[@click=app.quit]" in screen_text(desk)
        assert screen_text(desk).isascii()
