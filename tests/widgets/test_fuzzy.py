"""A few letters find what is meant, whatever its accents, however hostile the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.text import fold
from crm_tui.widgets.fuzzy import Finder, places
from tests.widgets.typing_desk import EVIL

TITLES = ["Archive the client", "Add a client", "Assign to somebody", "Clear the filter", "Łódź and around", "Redo"]


def found(typed: str, titles: list[str] = TITLES) -> list[str]:
    return [titles[at] for at in Finder([(title,) for title in titles]).find(typed)]


def test_nothing_typed_finds_everything_in_its_order() -> None:
    assert found("") == TITLES
    assert found("  ") == TITLES


def test_what_begins_with_the_letters_comes_before_what_holds_them() -> None:
    assert found("cl") == ["Clear the filter", "Add a client", "Archive the client"]
    assert found("redo")[0] == "Redo"


def test_a_whole_name_comes_first() -> None:
    assert found("redo", ["Redo everything", "Redo"]) == ["Redo", "Redo everything"]


def test_every_word_must_be_found_in_any_order() -> None:
    assert found("client arch") == ["Archive the client"]
    assert found("client zebra") == []


def test_beginnings_of_words_find() -> None:
    assert found("ac")[0] == "Add a client"
    assert "Archive the client" in found("arcl")
    assert found("dsn", ["Düsseldorf, Nord"]) == ["Düsseldorf, Nord"]


def test_accents_and_case_do_not_matter() -> None:
    assert found("lodz") == ["Łódź and around"]
    assert found("ŁÓDŹ") == ["Łódź and around"]
    assert found("strasse", ["Große Straße"]) == ["Große Straße"]


def test_lesser_texts_are_found_as_they_are_written_and_count_less() -> None:
    finder = Finder([("Undo", "u", "record.undo"), ("Filter", "/", "list.filter"), ("Record a call", "m", "x")])
    assert finder.find("/") == [1]
    assert finder.find("record") == [2, 0]
    assert finder.find("rcd") == [2]


def test_fewer_letters_find_again_what_more_letters_lost() -> None:
    finder = Finder([(title,) for title in TITLES])
    for typed in ("a", "as", "asx", "as", "", "lo", "l"):
        assert [TITLES[at] for at in finder.find(typed)] == found(typed)


def test_the_letters_that_match_are_known_in_the_text_as_it_is_written() -> None:
    assert places("lod", "Łódź") == {0, 1, 2}
    assert places("cl", "Archive the client") == {12, 13}
    assert places("caesar", "Cæsar") == {0, 1, 2, 3, 4}
    assert places("e", "Cafe\u0301") == {3}
    assert places("zz", "Łódź") == frozenset()
    assert places("", "Łódź") == frozenset()


@given(st.text(max_size=30), st.text(max_size=60))
def test_what_is_found_is_what_has_the_letters_in_their_order(typed: str, text: str) -> None:
    def in_order(word: str) -> bool:
        letters = iter(fold(text))
        return all(letter in letters for letter in word)

    assert bool(Finder([(text,)]).find(typed)) == all(in_order(word) for word in fold(typed).split())
    assert all(0 <= at < len(text) for at in places(typed, text))


def test_hostile_texts_are_only_texts() -> None:
    finder = Finder([(text, text) for text in EVIL])
    for text in EVIL:
        assert EVIL.index(text) in finder.find(text[:40])
        places(text[:40], text)


def test_letters_that_repeat_are_not_tried_in_every_way() -> None:
    """With Textual's own matcher, this would not end in a lifetime."""
    finder = Finder([("ab" * 100,), ("a b " * 50,), ("a b " * 49 + "c",)])
    assert finder.find("ab" * 15 + "c") == [2]
    assert finder.find("ab" * 15 + "d") == []
