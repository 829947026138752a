"""Nothing in anybody's data steers the terminal, hides text or shifts a column."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content

from crm_tui.widgets.guard import TerminalGuard, defuse, one_line, safe_content

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
