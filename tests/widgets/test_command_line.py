"""The ``:`` line: a command and what it needs, said back clearly when it cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from crm_tui.errors import BadInput
from crm_tui.widgets.command_line import Arguments, CommandLine, KnownCommand, read_command, split_word
from crm_tui.widgets.suggestions import Completion
from tests.widgets.typing_desk import EVIL, Told, TypingDesk, harmless, screen_lines, screen_text

COMMANDS = (
    KnownCommand("client.add", "add", "Add a client.", "a"),
    KnownCommand("client.archive", "archive", "Take a client out of the lists.", "d"),
    KnownCommand("record.redo", "redo", "Redo what was undone.", "ctrl+r", "nothing was undone"),
    KnownCommand("clients", "list of clients"),
)


@pytest.mark.parametrize(
    ("text", "word", "arguments"),
    [
        ("client.add", "client.add", Arguments()),
        (":client.add  ", "client.add", Arguments()),
        ("client.archive 12 #13", "client.archive", Arguments(("12", "#13"))),
        ('client.archive name=value "x y"', "client.archive", Arguments(("x y",), {"name": "value"})),
        ("client.add name='O\"Brien & Co' city=", "client.add", Arguments((), {"name": 'O"Brien & Co', "city": ""})),
        ("client.add name=O'Brien it's", "client.add", Arguments(("it's",), {"name": "O'Brien"})),
        (r'note "say \"yes\" to C:\\ and \n"', "note", Arguments((r'say "yes" to C:\ and \n',))),
        ("go ''", "go", Arguments(("",))),
        ("x a=b=c =d score>=70", "x", Arguments(("=d", "score>=70"), {"a": "b=c"})),
        ("x last-contact=today client.kind=lead", "x", Arguments((), {"last-contact": "today", "client.kind": "lead"})),
        ("x größe=9 Łódź", "x", Arguments(("Łódź",), {"größe": "9"})),
    ],
)
def test_what_is_typed_is_read(text: str, word: str, arguments: Arguments) -> None:
    assert read_command(text) == (word, arguments)


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ('x name="acme', (7, 12), "not closed"),
        ("x 'acme corp", (2, 12), "not closed"),
        ('x "a"b', (2, 6), "space after"),
        ("x a=1 a=2", (6, 9), "given twice"),
        ("  ", (0, 2), "name of a command"),
        (":", (0, 1), "name of a command"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, position: tuple[int, int], says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_command(text)
    assert refused.value.position == position
    assert says in str(refused.value)


def test_the_rest_of_a_line_is_left_as_it_was_typed() -> None:
    assert split_word(':clients  country:france "acme ') == ("clients", 'country:france "acme')
    assert split_word("clients") == ("clients", "")
    assert split_word("  ") == ("", "")


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    word, _rest = split_word(text)
    try:
        read, arguments = read_command(text)
    except BadInput as refused:
        assert refused.position is not None
        assert 0 <= refused.position[0] <= refused.position[1] <= len(text)
    else:
        assert read == word
        assert all(word in text.replace("\\", "") or "\\" in text for word in arguments.words)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), max_size=5))
def test_what_is_quoted_is_read_back_as_it_was(words: list[str]) -> None:
    quoted = ['"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words]
    assert read_command(" ".join(["x", *quoted]))[1].words == tuple(words)


class CommandDesk(TypingDesk):
    def __init__(self) -> None:
        self.line = CommandLine(complete_arguments=self.complete, history=["clients owner:me"])
        super().__init__(self.line)

    @staticmethod
    def complete(text: str, cursor: int) -> list[Completion]:
        start = text.rfind(" ", 0, cursor) + 1
        return [Completion(start, cursor, "name=", "name=", "Name")] if "name=".startswith(text[start:cursor]) else []

    def on_command_line_entered(self, event: CommandLine.Entered) -> None:
        self.tell(event, event.text)

    def on_command_line_cancelled(self, event: CommandLine.Cancelled) -> None:
        self.tell(event, event.text)


async def opened(pilot: Pilot[None], desk: CommandDesk) -> None:
    desk.line.set_commands(COMMANDS)
    desk.line.open()
    await pilot.pause()


async def test_a_command_is_found_by_a_few_letters_of_its_id_or_title_and_entered() -> None:
    desk = CommandDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"arch")
        assert screen_lines(desk)[-2].split() == ["client.archive", "archive", "d"]
        await pilot.press("tab", "space", *"12", "enter")
        assert desk.told == [Told("Entered", "client.archive 12")]
        assert desk.line.is_open
        desk.line.show_problem("There is no client 12.", 15, 17)
        await pilot.pause()
        assert "There is no client 12." in screen_text(desk)
        await pilot.press("backspace")
        assert "There is no client 12." not in screen_text(desk)


async def test_a_command_that_cannot_run_says_why() -> None:
    desk = CommandDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"redo")
        assert screen_lines(desk)[-2].strip() == "record.redo  not now: nothing was undone"


async def test_arguments_are_completed_by_the_screen() -> None:
    desk = CommandDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"client.add n", "tab", *"Acme", "enter")
        assert desk.told == [Told("Entered", "client.add name=Acme")]


async def test_an_empty_line_is_left_by_enter_and_any_by_esc() -> None:
    desk = CommandDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press("enter")
        assert desk.told == [Told("Cancelled", "")] and not desk.line.is_open
        await opened(pilot, desk)
        await pilot.press(*"cl ", "escape")
        assert desk.told[-1] == Told("Cancelled", "cl ") and not desk.line.is_open
        await opened(pilot, desk)
        await pilot.press("up")
        assert desk.line.text == "cl "
        await pilot.press("up")
        assert desk.line.text == "clients owner:me"


async def test_hostile_commands_and_entries_are_only_texts() -> None:
    desk = CommandDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        desk.line.set_commands([KnownCommand(text, text, text, text, text) for text in EVIL])
        await pilot.press("tab")
        assert harmless(desk)
        for text in EVIL:
            desk.line.open(text)
            await pilot.pause()
            assert harmless(desk)
