"""Full-text search: the same words and the same answers on both databases, kept in step with what is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import search
from crm_tui.db import Workspace
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.text import tokens
from crm_tui.undo import redo, undo
from tests import business

CLIENT, CONTACT = entities["client"], entities["contact"]


def found(text: str, what: str = "client", *, prefix: bool = True) -> list[int]:
    """The records that a text finds, archived ones too."""
    entity = entities[what]
    model: Any = entity.model
    query = model.select(model.id).where(search.condition(entity, search.phrase(text, prefix=prefix)))
    return [row[0] for row in query.order_by(model.id).tuples()]


def test_neither_case_nor_accents_count(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "Königlich Essen", city="Łódź", notes="Crème brûlée, Straße 7")
    for text in ("koniglich", "KÖNIGLICH", "lodz", "ŁÓDŹ", "creme brulee", "strasse", "STRASSE 7"):
        assert found(text) == [record], text


def test_what_is_being_typed_finds_already(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "Blondesddsl père et fils")
    for text in ("b", "blon", "blondesddsl p", "pere et f"):
        assert found(text) == [record], text
    assert found("blon", prefix=False) == []
    assert found("pere", prefix=False) == [record]


def test_words_of_a_phrase_stand_side_by_side(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "Around the Horn", city="London")
    assert found("the horn") == [record]
    assert found("around horn") == []
    assert found("horn the") == []


def test_chinese_and_japanese_are_found_by_any_of_their_signs(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "東京デザイン事務所", city="東京都")
    for text in ("東京", "京デ", "デザイン", "事務", "京都"):
        assert found(text) == [record], text
    assert found("京東") == []


@pytest.mark.parametrize(
    "text", ["c++", '"x', "AND OR", "*", "NEAR(a b)", "a:b", "'; DROP", "\\", "(((", "-", "^", "{a}", "%"]
)
def test_no_text_is_a_query_of_its_own(workspace: Workspace, ana: Actor, text: str) -> None:
    record = business.client(workspace, ana, text + " x")
    assert record in found(text)


def test_text_without_words_finds_everything(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana)
    assert found("—!") == found("") == [record]


def test_clients_are_found_by_their_people(workspace: Workspace, ana: Actor) -> None:
    one, two = (business.client(workspace, ana, name) for name in ("One", "Two"))
    person = business.contact(workspace, ana, one, "Frédérique Citeaux", email="fred@acme.example", title="Owner")
    assert found("citeaux") == found("fred acme") == [one]
    assert found("owner") == []
    assert found("citeaux", "contact") == found("owner", "contact") == [person]

    business.save(workspace, ana, "contact", person, name="Laurence Lebihan")
    assert (found("citeaux"), found("lebihan")) == ([], [one])
    business.save(workspace, ana, "contact", person, client=two)
    assert found("lebihan") == [two]
    undo(workspace, ana)
    assert found("lebihan") == [one]
    business.save(workspace, ana, "contact", person, client=None)
    assert found("lebihan") == []
    undo(workspace, ana)
    records.archive_many(workspace, ana, CONTACT, [person])
    assert found("lebihan") == []
    undo(workspace, ana)
    assert found("lebihan") == [one]


def test_a_person_that_was_never_there_is_not_found(workspace: Workspace, ana: Actor) -> None:
    one = business.client(workspace, ana, "One")
    business.contact(workspace, ana, one, "Maria Anders")
    undo(workspace, ana)
    assert found("anders") == found("anders", "contact") == []
    redo(workspace, ana)
    assert found("anders") == [one]


def test_the_archive_is_searched_too(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "ACME")
    records.archive_many(workspace, ana, CLIENT, [record])
    assert found("acme") == [record]


def test_only_what_changes_words_is_indexed_anew(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "ACME")
    person = business.contact(workspace, ana, record, "Maria")
    doc = "'spoilt':1" if workspace.postgres else "spoilt"

    def spoil() -> None:
        with workspace.write():
            for table in ("search_client", "search_contact"):
                workspace.database.execute_sql(f"DELETE FROM {table}")
                workspace.insert_rows(table, ["rowid", "doc"], [[1, doc]])

    spoil()
    business.save(workspace, ana, "client", record, stage="active", score="5")
    business.save(workspace, ana, "contact", person, phone="030 1234", role="user")
    assert found("spoilt") == found("spoilt", "contact") == [1]
    business.save(workspace, ana, "contact", person, title="Owner")
    assert (found("spoilt"), found("spoilt", "contact"), found("owner", "contact")) == ([], [], [person])
    spoil()
    business.save(workspace, ana, "client", record, city="Berlin")
    assert (found("spoilt"), found("spoilt", "contact"), found("berlin maria")) == ([], [1], [record])


def test_very_long_text_is_indexed_as_far_as_it_goes(workspace: Workspace, ana: Actor) -> None:
    """The most that PostgreSQL takes: as many of the longest words in the widest letters."""
    letters = "".join(chr(0x10400 + n) for n in range(40))  # Deseret, four bytes a letter, which fold to themselves
    words = [f"{letters}{letters[:20]}{number:04d}" for number in range(search.MOST_WORDS + 500)]
    record = business.client(workspace, ana, "x", notes=" ".join(words))
    assert found(words[100]) == [record]
    assert found(words[-1]) == []


def test_an_index_may_be_made_anew(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "ACME")
    with workspace.write():
        workspace.database.execute_sql('DELETE FROM "search_client"')
    assert found("acme") == []
    with workspace.write():
        search.reindex(workspace, {"client": {record}})
    assert found("acme") == [record]


LETTERS = st.text(st.sampled_from("abcäöłß東京. ,-'Aé9"), max_size=12)


@given(texts=st.lists(LETTERS, min_size=1, max_size=4), asked=LETTERS, prefix=st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_database_and_a_snapshot_agree(
    workspace: Workspace, ana: Actor, texts: list[str], asked: str, prefix: bool
) -> None:
    with operation(workspace, ana, "x") as op:
        ids = op.create_many(CLIENT, [{"name": f"x{number}", "notes": text} for number, text in enumerate(texts)])
    wanted = search.phrase(asked, prefix=prefix)
    for number, (record, text) in enumerate(zip(ids, texts, strict=True)):
        words = search.words_of(CLIENT, (f"x{number}", "", "", text))
        assert (record in found(asked, prefix=prefix)) == search.holds(words, wanted)


@given(st.text(max_size=60), st.text(max_size=10))
def test_a_text_holds_its_own_words(text: str, more: str) -> None:
    words = tokens(f"{more} {text} {more}")
    assert search.holds(words, search.phrase(text, prefix=False))
    assert search.holds(words, search.phrase(text))
