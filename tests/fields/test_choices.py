"""One of a few values, yes or no, and tags."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator

import pytest

from crm_tui.fields import Choice, Flag, Option, Reference, Tags, vocabulary
from crm_tui.models.base import entities


@pytest.fixture
def role() -> Choice:
    return Choice(
        "Role", options=[Option("decision maker", "Decision maker"), Option("user", "User")], words="test.role"
    )


@pytest.fixture
def other_words() -> Iterator[None]:
    vocabulary["test.role"] = (Option("chef", "Chef"),)
    yield
    del vocabulary["test.role"]


def test_a_choice_is_found_however_it_is_spelled(role: Choice) -> None:
    for text in ("decision maker", "Decision-Maker", "decision_maker", "DECISION  MAKER", "Décision maker"):
        assert role.parse(text) == "decision maker"
    assert role.show("decision maker") == "Decision maker"


def test_an_unknown_choice_names_the_nearest(role: Choice) -> None:
    with pytest.raises(ValueError) as told:
        role.parse("usr")
    assert str(told.value) == '"usr" is not one of decision maker, user. Did you mean "user"?'


def test_an_agency_may_have_words_of_its_own(role: Choice, other_words: None) -> None:
    assert role.parse("chef") == "chef"
    assert role.show("user") == "user"
    with pytest.raises(ValueError, match="is not one of Chef"):
        role.parse("user")


def test_yes_and_no_in_several_languages() -> None:
    assert {Flag().parse(word) for word in ("yes", "Y", "true", "1", "SIM", "sí", "oui", "tak", "ja", "x")} == {True}
    assert {Flag().parse(word) for word in ("no", "N", "false", "0", "não", "non", "nie", "nein", "")} == {False}
    with pytest.raises(ValueError, match='"maybe" is neither yes nor no'):
        Flag().parse("maybe")


def test_tags_are_tidied() -> None:
    tags = Tags()
    assert tags.parse(" vip, Long  Term ,VIP,, łódź") == ("łódź", "Long Term", "vip")
    assert tags.parse("b, a, B") == ("a", "b")
    assert tags.parse("Long  term ,long term") == ("Long term",)
    assert tags.parse("vip，press") == ("press", "vip")
    assert tags.check(["a,b", "c|d", "e｜f"]) == ("a b", "c d", "e f")
    assert tags.parse("+vip, -cold") == ("cold", "vip")
    assert tags.parse("\u200b, ,\x1b") == ()


def test_tags_have_bounds() -> None:
    with pytest.raises(ValueError, match=f'the tag "{"x" * 20}…" is longer than 60 characters'):
        Tags().parse("x" * 61)
    with pytest.raises(ValueError, match="101 tags are too many; 100 fit"):
        Tags().parse(",".join(map(str, range(101))))
    for value in (3, {"a": 1}, True, [["a"]], [None]):
        with pytest.raises(ValueError):
            Tags().check(value)


def test_no_character_but_the_bar_folds_to_a_bar() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    bars = [char for char in every if "|" in unicodedata.normalize("NFKD", char)]
    assert len(bars) > 1
    assert {Tags().check([f"a{bar}b"]) for bar in bars} == {("a b",)}


def test_tags_are_kept_between_bars() -> None:
    tags = Tags()
    assert tags.db_value(("Łódź", "vip")) == "|Łódź|vip|"
    assert tags.key(("Łódź", "vip")) == "|lodz|vip|"
    assert tags.python_value("|Łódź|vip|") == ("Łódź", "vip")
    assert tags.db_value(()) == ""


def test_a_reference_is_an_id() -> None:
    owner = entities["client"].fields["owner"]
    assert isinstance(owner, Reference)
    assert owner.check(3) == owner.check({"id": 3, "name": "ana"}) == 3
    for value in (0, -1, True, "3", 2**63, None, {"name": "ana"}, 1.5):
        with pytest.raises(ValueError, match="is not the id of a record"):
            owner.check(value)
