"""Text as it enters, as it is compared and as it is searched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm_tui.text import LONGEST_WORD, MOST_MARKS, clean, clean_line, fold, quoted, tokens

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
"""Every character there is, lone surrogates included."""

HOSTILE = {
    "escape sequence": "ACME\x1b]0;owned\x07 Studio",
    "C1 control": "ACME\x9b31m",
    "NUL": "AC\x00ME",
    "DEL and backspace": "AC\x7f\x08ME",
    "text turned round": "ACME \u202egnp.exe",
    "isolates": "\u2066ACME\u2069",
    "invisible spaces": "A\u200bC\u2060M\ufeffE",
    "soft hyphens": "AC\xadME",
    "tags": "ACME\U000e0041\U000e0042",
    "lone surrogate": "ACME\ud800",
    "no character": "ACME\ufffe\uffff",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_acts_on_a_terminal_or_hides_is_taken_out(text: str) -> None:
    assert all(unicodedata.category(char) not in ("Cc", "Cs") for char in clean(text))
    assert not set(clean(text)) & set("\u202e\u2066\u2069\u200b\u2060\ufeff\xad\U000e0041\ufffe\uffff")
    assert clean(text).startswith("A")
    assert "M" in clean(text)


def test_people_and_emoji_keep_what_they_are_written_with() -> None:
    for name in (
        "Łódź",
        "Que Delícia",
        "東京デザイン",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d🚀 Space",
        "Ελλάς",
        "한국",
    ):
        assert clean(name) == name


def test_every_end_of_line_is_one_kind_and_joins_no_words() -> None:
    assert clean("a\r\nb\rc\u2028d\u2029e\x85f\vg\fh") == "a\nb\nc\nd\ne\nf\ng\nh"
    assert clean_line("  Atelier\r\nNorte\t 2 \n") == "Atelier Norte  2"


@pytest.mark.parametrize("mark", ["\u0301", "\u0e49", "\u0654", "\u20dd", "\u1ab0"])
def test_towers_of_marks_are_cut_down(mark: str) -> None:
    assert clean("a" + mark * 60 + "b" + mark * 3).count(mark) <= MOST_MARKS + 3
    assert clean("x\u0301\u0302\u0303\u0304\u0305\u0306") == clean("x\u0301\u0302\u0303\u0304")


@given(ANY_TEXT)
@example("a" + "\u0301" * 9 + "\u202e" + "\u0327" * 9)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    assert "\n" not in clean_line(text)
    assert isinstance(clean(text).encode("utf-8"), bytes)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Łódź", "lodz"),
        ("MÜLLER", "muller"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("ÇA VA", "ca va"),
        ("İstanbul", "istanbul"),
        ("ﬁne", "fine"),
        ("㎒", "mhz"),
        ("Ｆｕｌｌ", "full"),
        ("Þór", "thor"),
        ("ǅ", "dz"),
    ],
)
def test_case_and_accents_do_not_count(text: str, key: str) -> None:
    assert fold(text) == key


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_words_are_split_where_people_see_them_end() -> None:
    assert tokens("B's Beverages, Ltd.") == ["b", "s", "beverages", "ltd"]
    assert tokens("東京デザインLab") == ["東", "京", "テ", "サ", "イ", "ン", "lab"]
    assert tokens("info@acme-studio.example") == ["info", "acme", "studio", "example"]
    assert tokens("snake_case") == ["snake", "case"]
    assert tokens("—…!") == []


@given(ANY_TEXT)
def test_a_word_holds_nothing_but_letters_and_digits(text: str) -> None:
    for word in tokens(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert all(char.isalnum() for char in word)


def test_what_somebody_wrote_is_repeated_short_and_harmless() -> None:
    assert quoted("ab\x1b[2Jc\nd") == '"ab[2Jc d"'
    assert quoted("x" * 5_000_000) == f'"{"x" * 60}…"'
    assert quoted(["a", 1]) == "\"['a', 1]\""
