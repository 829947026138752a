"""Nothing in anybody's data steers the terminal, hides text or shifts a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.widgets import Input, Label, OptionList, TextArea
from textual.widgets.option_list import Option

from crm_tui.widgets.guard import TerminalGuard, defuse, one_line, safe_content
from tests.widgets.desk import sent

HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "\x00nul",
    "a\rb\x08c\x7f",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\u200eA\u200f",
    "\u061c",
    "\U000e0041\U000e007f",
    "Z" + "\u0301" * 40,
    "\u200d" * 30,
    "a\u200db\u200dc",
    "\ud800",
    "\ufff9x\ufffay\ufffb",
    "line\u2028separator",
    "\ufeffbom",
    "[@click=app.quit]x[/]",
]
DANGEROUS = {"Cc", "Cs", "Zl", "Zp"}
BACKGROUND = Color(0, 0, 0)


def acts_on_terminal(character: str) -> bool:
    return unicodedata.category(character) in DANGEROUS or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067"


anything = st.text(alphabet=st.one_of(st.characters(exclude_categories=[]), st.sampled_from("\u200d\ufe0f\u0301❤👩🇩a")))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_drawn_without_its_power_in_the_cells_it_was_given(text: str) -> None:
    (segment,) = TerminalGuard().apply([Segment(text, Style(bold=True))], BACKGROUND)
    assert not any(acts_on_terminal(character) for character in segment.text)
    assert cell_len(segment.text) == cell_len(text)
    assert segment.style == Style(bold=True)


@given(anything)
def test_any_text_keeps_its_width_and_comes_out_harmless(text: str) -> None:
    safe = defuse(text)
    assert cell_len(safe) == cell_len(text)
    assert not any(acts_on_terminal(character) for character in safe)
    assert defuse(safe) == safe
    safe.encode()


@given(anything)
def test_a_line_has_no_break_and_every_terminal_agrees_on_its_width(text: str) -> None:
    line = one_line(text)
    assert not any(acts_on_terminal(character) for character in line)
    assert len(line.splitlines()) <= 1
    assert "\u200d" not in line and "\ufe0f" not in line
    assert one_line(line) == line


@pytest.mark.parametrize(
    "text", ["ACME Studio", "Łódź Çà et là", "株式会社", "नमस्ते", "مرحبا بالعالم", "ภาษาไทย", "👍 done", "e\u0301", ""]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert one_line(text) == text
    segments = [Segment(text)]
    assert TerminalGuard().apply(segments, BACKGROUND) is segments


def test_breaks_and_tabs_become_a_space() -> None:
    assert one_line("one\r\ntwo\tthree\u2028four") == "one two three four"


def test_characters_terminals_disagree_about_get_a_steady_shape() -> None:
    assert one_line("🇩🇪") == "DE"
    assert one_line("👍🏽") == "👍"
    assert one_line("❤️") == "❤"
    assert defuse("❤️x") == "❤ x"
    assert defuse("👩\u200d👧x") == "👩x"


def test_a_tower_of_marks_is_cut_to_four() -> None:
    assert one_line("Z" + "\u0301" * 40 + "w") == "Z" + "\u0301" * 4 + "w"


def test_a_link_with_an_escape_in_its_address_is_no_link() -> None:
    bad = Style(link="https://example.com/\x1b\\\x1b]0;pwned\x07")
    good = Style(link="https://example.com/")
    segments = TerminalGuard().apply([Segment("one", bad), Segment("two", good)], BACKGROUND)
    assert [segment.text for segment in segments] == ["one", "two"]
    assert [segment.style.link if segment.style else "" for segment in segments] == [None, "https://example.com/"]


def test_data_becomes_content_and_is_never_read_as_markup() -> None:
    content = safe_content("[b]urgent[/x] [@click=app.quit]x\n\x1b[2Jsecond\tline\u202e")
    assert isinstance(content, Content)
    assert content.plain == "[b]urgent[/x] [@click=app.quit]x\n[2Jsecond  line"
    assert content.spans == []


class Showcase(App[None]):
    """Hostile data in the widgets other people wrote."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.guard = TerminalGuard()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self.guard]

    def compose(self) -> ComposeResult:
        raw = Content(self.text, strip_control_codes=False)
        label = Label(raw)
        label.border_title = raw
        yield label
        yield Input(self.text)
        yield OptionList(Option(raw))
        yield TextArea(self.text)


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_widget_draws_it_the_terminal_is_sent_only_colours_and_places(text: str) -> None:
    app = Showcase(text)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        stream = re.sub(r"\x1b\[[0-9;]*[mH]|[\r\n]", "", sent(app))
        assert not any(acts_on_terminal(character) for character in stream)
