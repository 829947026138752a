"""The filter bar: each letter queries, suggestions help and never stand in the way, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from textual import events
from textual.pilot import Pilot

from crm_tui.widgets.dialogs import Confirm
from crm_tui.widgets.entry_line import EntryLine
from crm_tui.widgets.filter_bar import FilterBar
from crm_tui.widgets.glyphs import ASCII
from crm_tui.widgets.suggestions import Completion
from tests.widgets.resizing import resized
from tests.widgets.typing_desk import EVIL, THEMES, Told, TypingDesk, harmless, screen_lines, screen_text

FIELDS = {"stage": "lead, active, dormant", "score": "0 to 100", "owner": "who looks after it"}
STAGES = ("lead", "active", "dormant")


def complete(text: str, cursor: int) -> list[Completion]:
    start = text.rfind(" ", 0, cursor) + 1
    word = text[start:cursor]
    if word.startswith("stage:"):
        start += len("stage:")
        return [Completion(start, cursor, value, value) for value in STAGES if value.startswith(text[start:cursor])]
    return [Completion(start, cursor, f"{name}:", name, help) for name, help in FIELDS.items() if name.startswith(word)]


def highlight(text: str) -> Iterator[tuple[int, int, str]]:
    for match in re.finditer(r"\w+(?=:)", text):
        yield (match.start(), match.end(), "field")


class FilterDesk(TypingDesk):
    def __init__(self, **options) -> None:
        self.bar = FilterBar(complete=complete, highlight=highlight, history=["owner:me", "stage:lead"])
        super().__init__(self.bar, **options)
        self.asked: list[EntryLine.CompletionsWanted] = []

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        self.tell(event, event.text)

    def on_filter_bar_accepted(self, event: FilterBar.Accepted) -> None:
        self.tell(event, event.text)

    def on_filter_bar_left(self, event: FilterBar.Left) -> None:
        self.tell(event, event.text)

    def on_filter_bar_cancelled(self, event: FilterBar.Cancelled) -> None:
        self.tell(event, f"{event.text} -> {event.former}")

    def on_entry_line_completions_wanted(self, event: EntryLine.CompletionsWanted) -> None:
        self.asked.append(event)


async def opened(pilot: Pilot[None], desk: FilterDesk, text: str = "") -> None:
    desk.bar.open(text)
    await pilot.pause()


def popup(desk: FilterDesk) -> list[str]:
    """The lines over the bar."""
    shown = screen_lines(desk)[:-1]
    return [line.strip() for line in shown if line.strip() and line != "the list"]


async def test_every_letter_is_told_and_enter_accepts() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press(*"acm", "enter")
        assert desk.told == [
            Told("Changed", "a"),
            Told("Changed", "ac"),
            Told("Changed", "acm"),
            Told("Accepted", "acm"),
        ]
        assert (desk.bar.is_open, desk.reached) == (True, [])  # a wrong query can be put right
        desk.bar.close()
        assert not desk.bar.is_open


async def test_opening_tells_nothing_and_shows_no_suggestions() -> None:
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk, "stage:active")
        assert desk.told == []
        assert desk.bar.text == "stage:active"
        assert screen_lines(desk)[-1].split("  ")[0] == "/ stage:active"
        assert popup(desk) == []


async def test_the_bar_moves_nothing_and_says_its_keys_while_there_is_room() -> None:
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = desk.list.region
        await opened(pilot, desk)
        assert desk.list.region == before
        assert (
            screen_lines(desk)[-1] == "/ stage:active owner:me, or words        tab suggest   enter accept   esc leave"
        )
        await pilot.press(*"-" * 45)
        assert screen_lines(desk)[-1] == "/ " + "-" * 45


async def test_a_text_longer_than_the_line_is_scrolled_with_the_cursor() -> None:
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk, "begin" + "-" * 100)
        await pilot.press(*"end")
        assert screen_lines(desk)[-1].endswith("---end")
        await pilot.press("home")
        assert screen_lines(desk)[-1].startswith("/ begin---")
        await pilot.press("end", "s")
        await pilot.press("ctrl+w", *" sc")
        assert screen_lines(desk)[-2].rstrip().endswith("score  0 to 100")


async def test_esc_closes_the_suggestions_first_and_then_restores_the_query() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk, "owner:me")
        await pilot.press("space", "s")
        assert popup(desk) == ["stage  lead, active, dormant", "score  0 to 100"]
        await pilot.press("escape")
        assert (popup(desk), desk.bar.is_open) == ([], True)
        await pilot.press("escape")
        assert not desk.bar.is_open
        assert desk.told[-1] == Told("Cancelled", "owner:me s -> owner:me")
        await opened(pilot, desk, "owner:me")
        await pilot.press("up")
        assert desk.bar.text == "owner:me s"


async def test_a_click_elsewhere_leaves_and_a_dialog_comes_back() -> None:
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press("a")
        desk.ask(Confirm("Really?"))
        await pilot.press("y", "b")
        assert desk.told == [Told("Changed", "a"), Told("Changed", "ab")]
        await pilot.click(offset=(3, 3))
        await pilot.pause()
        assert desk.told[-1] == Told("Left", "ab")
        assert not desk.bar.is_open


async def test_tab_inserts_the_first_suggestion_and_typing_goes_on() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press("s", "tab")
        assert desk.bar.text == "stage:"
        assert popup(desk) == ["lead", "active", "dormant"]
        await pilot.press("a", "tab", *" x")
        assert desk.bar.text == "stage:active x"
        assert desk.told[-1] == Told("Changed", "stage:active x")


async def test_enter_means_the_query_unless_a_suggestion_is_highlighted() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press("s", "enter")
        assert desk.told[-1] == Told("Accepted", "s")
        await pilot.press("backspace", "s", "down", "down", "enter")
        assert desk.bar.text == "score:"
        await pilot.press("enter")
        assert desk.told[-1] == Told("Accepted", "score:")


async def test_the_highlight_goes_round_and_passes_the_line_itself() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press("s", "up")
        assert popup(desk)[1].startswith("▌ score")
        await pilot.press("down")
        assert not any("▌" in line for line in popup(desk))
        await pilot.press("shift+tab", "shift+tab", "enter")
        assert desk.bar.text == "stage:"


async def test_tab_shows_what_may_be_typed_where_nothing_is_typed_yet() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press("tab")
        assert len(popup(desk)) == 3
        await pilot.press("escape", "o")
        assert popup(desk) == ["owner  who looks after it"]


async def test_values_found_later_are_added_and_late_ones_ignored() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press("s")
        first = desk.asked[-1].generation
        await pilot.press("t", "down")
        asked = desk.asked[-1]
        assert (asked.text, asked.cursor) == ("st", 2)
        desk.bar.offer(first, [Completion(0, 2, "late", "late")])
        desk.bar.offer(asked.generation, [Completion(0, 2, "street:", "street"), Completion(0, 2, "stage:", "again")])
        await pilot.pause()
        assert popup(desk) == ["▌ stage   lead, active, dormant", "street"]
        await pilot.press("escape")
        desk.bar.offer(desk.asked[-1].generation, [Completion(0, 2, "state:", "state")])
        await pilot.pause()
        assert popup(desk) == []


async def test_up_and_down_walk_the_history_and_come_back_to_what_was_typed() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        await pilot.press(*"zz")
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await pilot.press(key)
            seen.append(desk.bar.text)
        assert seen == ["stage:lead", "owner:me", "owner:me", "stage:lead", "zz", "zz"]
        assert popup(desk) == []
        assert desk.told[-1] == Told("Changed", "zz")


async def test_a_problem_is_said_over_the_bar_and_its_place_underlined() -> None:
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk, "stge:x acme")
        desk.bar.show_problem('There is no field "stge". Did you mean "stage"?', 0, 4)
        await pilot.pause()
        assert screen_lines(desk)[-2].strip() == 'There is no field "stge". Did you mean "stage"?'
        strip = desk.screen._compositor.render_strips()[-1]
        underlined = "".join(text for text, style, _ in strip if style is not None and style.underline)
        assert underlined == "stge"
        desk.bar.clear_problem()
        await pilot.pause()
        assert popup(desk) == []


async def test_what_is_being_completed_is_not_complained_about() -> None:
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk, "foo:1 ")
        await pilot.press(*"stage:ac")
        desk.bar.show_problem('There is no stage "ac".', 12, 14)
        await pilot.pause()
        assert popup(desk) == ["active"]
        desk.bar.show_problem('There is no field "foo".', 0, 3)
        await pilot.pause()
        assert popup(desk) == ["active", 'There is no field "foo".']
        desk.bar.show_problem('There is no stage "ac".', 12, 14)
        await pilot.press("escape")
        assert popup(desk) == ['There is no stage "ac".']


async def test_a_burst_of_keys_is_typed_and_runs_no_commands() -> None:
    """Over a slow line, ``/``, ``a``, ``c``, ``enter`` come at once, before the bar can have the focus."""

    class Screenful(FilterDesk):
        async def on_key(self, event: events.Key) -> None:
            event.prevent_default()
            if event.character == "/":
                self.bar.open()
            elif not await self.bar.take(event):
                self.reached.append(event.key)

    desk = Screenful()
    async with desk.run_test() as pilot:
        for key in ("slash", "a", "c", "enter", "pagedown"):
            desk.post_message(events.Key(key, "/" if key == "slash" else key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        assert desk.told == [Told("Changed", "a"), Told("Changed", "ac"), Told("Accepted", "ac")]
        assert desk.reached == ["pagedown"]


async def test_a_bar_opened_before_it_is_mounted_types_what_came_meanwhile() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        bar = FilterBar(complete=complete)
        mounted = desk.mount(bar)
        bar.open("stage:lead")
        assert bar.is_open
        assert await bar.take(events.Key("x", "x"))
        await mounted
        await pilot.pause()
        assert bar.text == "stage:leadx"
        assert desk.told == [Told("Changed", "stage:leadx")]


async def test_keys_that_edit_never_reach_the_screen_and_others_do() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk, "one two")
        await pilot.press("ctrl+w", "ctrl+a", "delete", "left", "ctrl+e", "ctrl+u", "tab", "escape", "up")
        assert desk.reached == []
        await pilot.press("pagedown", "ctrl+r", "ctrl+c", "f1")
        assert desk.reached == ["pagedown", "ctrl+r", "ctrl+c", "f1"]


async def test_pasted_lines_become_one_and_lose_what_acts_on_the_terminal() -> None:
    desk = FilterDesk()
    async with desk.run_test() as pilot:
        await opened(pilot, desk)
        desk.bar.query_one("LineInput").post_message(events.Paste("acme\nstudio\x1b]52;c;x\x07\u202e\n"))
        await pilot.pause()
        assert desk.bar.text == "acme studio]52;c;x"
        desk.bar.query_one("LineInput").post_message(events.Paste("y" * 1_000_000))
        await pilot.pause()
        assert len(desk.bar.text) == 2000


async def test_a_click_inserts_a_suggestion_and_the_cursor_stays() -> None:
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press("s")
        await pilot.click(offset=(4, 22))
        await pilot.press("7")
        assert desk.bar.text == "score:7"


async def test_the_suggestions_stand_over_the_place_they_go_to_and_fit() -> None:
    many = [Completion(0, 0, f"value{number:02}", f"value{number:02}", "help " * 30) for number in range(40)]
    desk = FilterDesk()
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.bar.complete = lambda text, cursor: [Completion(cursor - 1, cursor, many[0].text, "value00", "h")]
        await opened(pilot, desk, "stage:lead ")
        await pilot.press("v")
        assert screen_lines(desk)[-2].index("value00") == screen_lines(desk)[-1].index("v")
        desk.bar.complete = lambda text, cursor: many
        await pilot.press("x")
        assert len(popup(desk)) == 8
        await pilot.press(*["down"] * 20)
        assert popup(desk)[-1].startswith("▌ value19")
        for size in ((20, 6), (3, 2), (1, 1), (160, 45)):
            await resized(pilot, *size)
            assert all(len(line) <= size[0] for line in screen_lines(desk))


async def test_hostile_texts_are_shown_as_text() -> None:
    desk = FilterDesk(glyphs=ASCII)
    async with desk.run_test(size=(80, 24)) as pilot:
        for text in EVIL:
            desk.bar.complete = lambda _text, _cursor, text=text: [Completion(0, 1, text, text, text)]
            desk.bar.open(text)
            desk.bar.show_problem(text, -5, 10**6)
            await pilot.press("s")
            assert harmless(desk)
            desk.bar.open()
            await pilot.pause()
            assert harmless(desk)
        await opened(pilot, desk, "[@click=app.quit]x[/]")
        assert "[@click=app.quit]x[/]" in screen_text(desk)


@pytest.mark.parametrize("theme", THEMES)
async def test_every_theme_shows_bar_suggestions_and_problem(theme: str) -> None:
    desk = FilterDesk(theme=theme)
    async with desk.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk, "foo:1 ")
        desk.bar.show_problem('There is no field "foo".', 0, 3)
        await pilot.press("s", "down")
        shown = [line.strip("│ ") for line in popup(desk)]
        assert shown == ["▌ stage  lead, active, dormant", "score  0 to 100", 'There is no field "foo".']
