"""Custom fields: an admin adds them, records hold values in them, and nothing of that is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from crm_tui import db, journal, query
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, Conflict, InvalidRecord, NotAllowed
from crm_tui.fields import Kind
from crm_tui.models.base import entities
from crm_tui.queries import details, lists
from crm_tui.queries.timeline import journal as told
from crm_tui.query import SortKey
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.undo import redo, undo
from tests import business

TYPED: dict[str, tuple[dict[str, str], str, Any, str]] = {
    "industry": ({"kind": "text"}, "Łódź Web", "Łódź Web", "Łódź Web"),
    "staff": ({"kind": "number"}, "1,200", 1200, "1,200"),
    "budget": ({"kind": "money", "currency": "JPY"}, "12k", 12_000, "¥12,000"),
    "kickoff": ({"kind": "day"}, "2026-12-01", date(2026, 12, 1), "in 9 days"),
    "medium": ({"kind": "choice", "options": "web, print, film"}, "Film", "film", "film"),
    "channels": ({"kind": "several choices", "options": "mail,sms,chat"}, "chat, MAIL", ("mail", "chat"), "mail, chat"),
    "nda": ({"kind": "yes/no"}, "yes", True, "yes"),
    "mentor": ({"kind": "reference", "target": "clients"}, "Bólido", 1, "Bólido"),
    "share": ({"kind": "percent"}, "40", 40, "40 %"),
    "portal": ({"kind": "link"}, "acme.example/x", "acme.example/x", "acme.example/x"),
}  # fmt: skip
"""By name: its definition, what is typed, the value, what is shown."""


def add_field(workspace: Workspace, actor: Actor, name: str, entity: str = "client", **typed: str) -> int:
    return business.add(workspace, actor, "custom_field", entity=entity, name=name, **typed)


def add_all(workspace: Workspace, actor: Actor) -> None:
    for name, (about, *_rest) in TYPED.items():
        add_field(workspace, actor, name, **about)


def names(actor: Actor, text: str) -> list[str]:
    """The clients a list of a query shows, in its order."""
    shown = lists.listing(actor, entities["client"], text, ["name"])
    return [row.cells[0] for row in lists.Reading(actor, shown).window(0, 100)]


def test_every_kind_is_typed_shown_found_and_undone(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, "Bólido")
    add_all(workspace, ana)
    acme = business.client(workspace, ana, "ACME", **{name: typed for name, (_a, typed, *_r) in TYPED.items()})
    found = details.detail(ana, entities["client"], acme)
    for name, (_about, _typed, value, shown) in TYPED.items():
        assert (name, found.values[name], found.shown(name)) == (name, value, shown)
        assert (name, names(ana, f"has:{name}")) == (name, ["ACME"])
        assert (name, names(ana, f"no:{name}")) == (name, ["Bólido"])
        assert (name, names(ana, f"sort:{name} (has:name)")) == (name, ["ACME", "Bólido"])
    assert names(ana, "industry:LODZ budget:12000 kickoff>today medium>=print channels:chat nda:yes") == ["ACME"]
    assert names(ana, "mentor:bolido mentor.name:bolido share>=40 portal:acme staff:1000..1300") == ["ACME"]
    assert names(ana, "-channels:chat") == names(ana, "client:acme") == names(ana, "clients.count=1") == ["Bólido"]
    cleared = dict.fromkeys(TYPED, "")
    cleared["nda"] = "no"
    business.save(workspace, ana, "client", acme, **cleared)
    assert names(ana, "has:industry or has:nda or has:channels or has:mentor") == []
    undo(workspace, ana)
    assert {name: business.held("client", acme)[name] for name in TYPED} == {
        name: row[2] for name, row in TYPED.items()
    }
    undo(workspace, ana)
    assert not business.exists("client", acme)
    redo(workspace, ana)
    assert {name: business.held("client", acme)[name] for name in TYPED} == {
        name: row[2] for name, row in TYPED.items()
    }
    assert names(ana, "industry:lodz channels:chat") == ["ACME"]


def test_lists_are_sorted_without_case_and_accents_and_empty_values_come_last(workspace: Workspace, ana: Actor) -> None:
    add_field(workspace, ana, "industry")
    add_field(workspace, ana, "medium", kind="choice", options="web, print, film")
    add_field(workspace, ana, "staff", kind="number")
    rows = {"A": ("Zoo", "film", "9"), "B": ("ábaco", "web", "100"), "C": ("", "", ""), "D": ("Łódź", "print", "-3")}
    for name, (industry, medium, staff) in rows.items():
        business.client(workspace, ana, name, industry=industry, medium=medium, staff=staff)
    assert names(ana, "sort:industry") == ["B", "D", "A", "C"]
    assert names(ana, "sort:-industry") == ["A", "D", "B", "C"]
    assert names(ana, "sort:medium") == ["B", "D", "A", "C"]
    assert names(ana, "sort:-staff") == ["B", "A", "D", "C"]
    shown = lists.listing(ana, entities["client"], "sort:-staff", ["name", "staff"])
    assert [lists.position(ana, shown, record) for record in lists.ids(ana, shown)] == [0, 1, 2, 3]


def test_the_journal_tells_custom_fields_by_their_names(workspace: Workspace, ana: Actor) -> None:
    add_field(workspace, ana, "industry", label="Line of work")
    acme = business.client(workspace, ana, industry="web")
    business.save(workspace, ana, "client", acme, industry="film", city="Porto")
    newest = told(ana, entities["client"], acme, limit=1)[0]
    assert newest.before == {"industry": "web", "city": ""} and newest.after == {"industry": "film", "city": "Porto"}
    assert "line of work: web → film" in newest.text()


def test_different_custom_fields_of_one_record_merge_and_the_same_one_asks(
    workspace: Workspace, ana: Actor, bo: Actor
) -> None:
    add_field(workspace, ana, "industry")
    add_field(workspace, ana, "nda", kind="flag")
    acme = business.client(workspace, ana)
    business.save(workspace, ana, "client", acme, industry="web", seen=1)
    saved = business.save(workspace, bo, "client", acme, nda="yes", seen=1)
    assert saved.merged == ("industry",)
    held = business.held("client", acme)
    assert (held["industry"], held["nda"]) == ("web", True)
    with pytest.raises(records.EditConflict) as asked:
        business.save(workspace, bo, "client", acme, industry="film", seen=1)
    assert (asked.value.mine, asked.value.theirs) == ({"industry": "film"}, {"industry": "web"})


def test_many_are_changed_at_once_and_undone_at_once(workspace: Workspace, ana: Actor) -> None:
    add_field(workspace, ana, "industry")
    add_field(workspace, ana, "channels", kind="choices", options="mail, phone")
    client = entities["client"]
    ids = [business.client(workspace, ana, f"C{n}", channels="mail") for n in range(3)]
    assert records.change_many(workspace, ana, client, ids, {"industry": "web", "channels": "+phone,-mail"}) == 3
    assert names(ana, "industry:web channels:phone -channels:mail") == ["C0", "C1", "C2"]
    undo(workspace, ana)
    assert names(ana, "industry:web or channels:phone") == []


def test_an_archived_custom_field_is_nowhere_and_its_values_stay(workspace: Workspace, ana: Actor) -> None:
    field = add_field(workspace, ana, "industry")
    client, fields = entities["client"], entities["custom_field"]
    acme = business.client(workspace, ana, industry="web")
    records.archive_many(workspace, ana, fields, [field])
    assert "industry" not in client.fields and "industry" not in client.entered
    with pytest.raises(BadInput, match="no field"):
        query.parse("industry:web", client, me=ana)
    with pytest.raises(BadInput, match="no field"):
        business.save(workspace, ana, "client", acme, industry="film")
    business.save(workspace, ana, "client", acme, city="Porto")
    with pytest.raises(InvalidRecord, match="archived custom field"):
        add_field(workspace, ana, "industry", kind="number")
    records.archive_many(workspace, ana, fields, [field], back=True)
    assert business.held("client", acme)["industry"] == "web"
    assert names(ana, "industry:web") == ["ACME Studio"]


def test_what_was_done_before_a_field_was_archived_can_still_be_undone(workspace: Workspace, ana: Actor) -> None:
    field = add_field(workspace, ana, "industry")
    acme = business.client(workspace, ana, industry="web")
    made = journal.last_operation()
    business.save(workspace, ana, "client", acme, industry="film")
    edited = journal.last_operation()
    records.archive_many(workspace, ana, entities["custom_field"], [field])
    undo(workspace, ana, edited)
    undo(workspace, ana, made)
    redo(workspace, ana, made)
    records.archive_many(workspace, ana, entities["custom_field"], [field], back=True)
    assert business.held("client", acme)["industry"] == "web"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"name": "has"}, "means something else"),
        ({"name": "not"}, "means something else"),
        ({"name": "id"}, "means something else"),
        ({"name": "custom"}, "means something else"),
        ({"name": "city"}, "means something else"),
        ({"name": "zip"}, "means something else"),
        ({"name": "contacts"}, "means something else"),
        ({"name": "archived"}, "means something else"),
        ({"name": "Big Deal"}, "like big_deal"),
        ({"name": "2nd"}, "not a plain name"),
        ({"name": "a" * 41}, "too many"),
        ({"name": "x'); drop table client; --"}, "not a plain name"),
        ({"name": "x", "entity": "cars"}, "not one of"),
        ({"name": "x", "entity": "custom_field"}, "not one of"),
        ({"name": "x", "kind": "blob"}, "not one of"),
        ({"name": "x", "kind": "choice"}, "needs options"),
        ({"name": "x", "kind": "choice", "options": "web, Wéb"}, "the same option"),
        ({"name": "x", "kind": "choice", "options": "web, -b"}, "cannot be an option"),
        ({"name": "x", "kind": "choices", "options": "a|b"}, "cannot be an option"),
        ({"name": "x", "options": "a, b"}, "only a choice"),
        ({"name": "x", "kind": "reference"}, "where it leads"),
        ({"name": "x", "target": "client"}, "only a reference"),
        ({"name": "x", "currency": "EUR"}, "only money"),
        ({"name": "x", "kind": "money", "currency": "EUX"}, "not a currency"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(
    sqlite_location: str, open_at: Callable[[str], Workspace], typed: dict[str, str], reason: str
) -> None:
    workspace = open_at(sqlite_location)
    ana = Actor(1, "ana", "admin")
    with pytest.raises(InvalidRecord, match=reason):
        business.add(workspace, ana, "custom_field", **{"entity": "client", **typed})


def test_two_fields_of_one_name_belong_to_different_entities(workspace: Workspace, ana: Actor) -> None:
    add_field(workspace, ana, "language_spoken")
    add_field(workspace, ana, "language_spoken", entity="people")
    with pytest.raises(InvalidRecord, match="already a custom field"):
        add_field(workspace, ana, "language_spoken")
    acme = business.client(workspace, ana, language_spoken="pl")
    business.contact(workspace, ana, acme, language_spoken="de")
    assert names(ana, "language_spoken:pl contact.language_spoken:de") == ["ACME Studio"]


def test_only_an_admin_adds_fields(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    with pytest.raises(NotAllowed, match="only an admin"):
        add_field(workspace, bo, "industry")
    add_field(workspace, ana, "industry")
    assert business.held("client", business.client(workspace, bo, industry="web"))["industry"] == "web"


def test_a_field_with_values_keeps_its_kind_and_its_name(workspace: Workspace, ana: Actor) -> None:
    field = add_field(workspace, ana, "industry", kind="link")
    business.save(workspace, ana, "custom_field", field, kind="number")
    business.save(workspace, ana, "custom_field", field, kind="link", name="homepage")
    business.client(workspace, ana, homepage="a.example")
    gone = business.client(workspace, ana, "Gone", homepage="b.example")
    records.archive_many(workspace, ana, entities["client"], [gone])
    for typed in ({"kind": "number"}, {"name": "page"}, {"entity": "contact"}):
        with pytest.raises(InvalidRecord, match="it holds a value in 2 clients"):
            business.save(workspace, ana, "custom_field", field, **typed)
    business.save(workspace, ana, "custom_field", field, kind="text", label="Page", position="3")
    assert names(ana, "homepage:example") == ["ACME Studio"]


def test_options_in_use_stay(workspace: Workspace, ana: Actor) -> None:
    one = add_field(workspace, ana, "medium", kind="choice", options="web, print, film")
    several = add_field(workspace, ana, "channels", kind="choices", options="mail, phone, chat")
    business.client(workspace, ana, medium="film", channels="mail, phone")
    with pytest.raises(InvalidRecord, match='"film" is the value of 1 client'):
        business.save(workspace, ana, "custom_field", one, options="web, print")
    with pytest.raises(InvalidRecord, match='"phone"'):
        business.save(workspace, ana, "custom_field", several, options="chat, mail")
    business.save(workspace, ana, "custom_field", one, options="film, web, radio")
    business.save(workspace, ana, "custom_field", several, options="phone, mail")
    assert [option.value for option in getattr(entities["client"].fields["medium"], "options")] == [  # noqa: B009
        "film", "web", "radio",
    ]  # fmt: skip


def test_undo_refuses_to_take_away_what_holds_values(workspace: Workspace, ana: Actor) -> None:
    field = add_field(workspace, ana, "medium", kind="choice", options="web")
    made = journal.last_operation()
    business.save(workspace, ana, "custom_field", field, options="web, film")
    widened = journal.last_operation()
    acme = business.client(workspace, ana, medium="film")
    with pytest.raises(Conflict, match="1 client"):
        undo(workspace, ana, widened)
    business.save(workspace, ana, "client", acme, medium="web")
    undo(workspace, ana, widened)
    with pytest.raises(Conflict, match="1 client"):
        undo(workspace, ana, made)
    business.save(workspace, ana, "client", acme, medium="")
    undo(workspace, ana, made)
    assert "medium" not in entities["client"].fields
    redo(workspace, ana, made)
    assert "medium" in entities["client"].fields


def test_a_reference_outlives_the_record_it_leads_to(workspace: Workspace, ana: Actor) -> None:
    add_field(workspace, ana, "mentor", kind="reference", target="contact")
    maria = business.contact(workspace, ana, None)
    made = journal.last_operation()
    business.client(workspace, ana, mentor=f"#{maria}")
    undo(workspace, ana, made)
    shown = lists.listing(ana, entities["client"], "sort:mentor has:mentor", ["name", "mentor"])
    assert [row.cells for row in lists.Reading(ana, shown).window(0, 9)] == [("ACME Studio", f"#{maria}")]
    assert names(ana, "mentor.name:maria") == [] and names(ana, f"mentor:{maria}") == ["ACME Studio"]


def test_another_workspace_has_fields_of_its_own(
    sqlite_location: str, open_at: Callable[[str], Workspace], tmp_path: Any
) -> None:
    first = open_at(sqlite_location)
    add_field(first, Actor(1, "ana", "admin"), "industry")
    assert "industry" in entities["client"].fields
    open_at(str(tmp_path / "other.db"))
    assert not entities["client"].custom
    open_at(sqlite_location)
    assert list(entities["client"].custom) == ["industry"]


def test_what_another_session_adds_is_taken_up_with_its_news(
    location: str, open_at: Callable[[str], Workspace], ana: Actor
) -> None:
    mine = open_at(location)
    seen = journal.last_operation()
    add_field(mine, ana, "industry")
    client = entities["client"]
    client.take_custom({}, {})  # as in a session that has not heard of it
    from crm_tui.models import custom

    custom._loaded.clear()
    assert journal.changed_since(seen) is not None
    assert "industry" in client.fields


def test_a_session_that_has_not_heard_of_a_field_loses_no_value(
    location: str, open_at: Callable[[str], Workspace], ana: Actor
) -> None:
    mine = open_at(location)
    add_field(mine, ana, "industry")
    acme = business.client(mine, ana, industry="web")
    entities["client"].take_custom({}, {})
    from crm_tui.models import custom

    custom._loaded.clear()
    business.save(mine, ana, "client", acme, city="Porto")
    assert business.held("client", acme)["industry"] == "web"


def test_a_list_goes_on_while_its_column_is_archived(workspace: Workspace, ana: Actor) -> None:
    field = add_field(workspace, ana, "industry")
    business.client(workspace, ana, industry="web")
    shown = lists.listing(ana, entities["client"], "industry:web sort:industry", ["name", "industry"])
    records.archive_many(workspace, ana, entities["custom_field"], [field])
    assert [row.cells for row in lists.Reading(ana, shown).window(0, 9)] == [("ACME Studio", "web")]
    assert lists.count(ana, shown) == 1


def indexes(workspace: Workspace) -> set[str]:
    """The kinds of the custom fields that have an index of their own."""
    found = workspace.database.get_indexes("client")
    return {index.name.rpartition("_")[2] for index in found if index.name.startswith("custom_")}


def test_a_field_in_use_has_an_index(workspace: Workspace, ana: Actor) -> None:
    field = add_field(workspace, ana, "industry", kind="link")
    add_field(workspace, ana, "staff", kind="number")
    assert indexes(workspace) == {"link", "number"}
    business.save(workspace, ana, "custom_field", field, kind="text")
    assert indexes(workspace) == {"text", "number"}
    records.archive_many(workspace, ana, entities["custom_field"], [field])
    assert indexes(workspace) == {"number"}
    undo(workspace, ana)
    assert indexes(workspace) == {"text", "number"}


def test_fields_come_in_the_order_an_admin_gives_them(workspace: Workspace, ana: Actor) -> None:
    add_field(workspace, ana, "zulu")
    add_field(workspace, ana, "yankee", position="2")
    add_field(workspace, ana, "xray", position="1")
    assert list(entities["client"].custom) == ["xray", "yankee", "zulu"]
    assert list(entities["client"].fields)[-4:] == ["created_at", "updated_at", "archived_at", "version"]


def test_the_values_are_json_that_anyone_can_read(workspace: Workspace, ana: Actor) -> None:
    import json

    add_all(workspace, ana)
    business.client(workspace, ana, industry="Łódź", nda="yes", channels="chat", kickoff="2026-12-01")
    row = workspace.database.execute_sql("SELECT custom FROM client").fetchone()
    kept = json.loads(row[0])
    assert kept == {
        "industry": "Łódź", "industry.key": "lodz", "kickoff": "2026-12-01", "channels": ["chat"],
        "channels.key": "|chat|", "nda": True,
    }  # fmt: skip
    assert db.postgres() == workspace.postgres


def test_a_kind_says_whether_it_is_custom(workspace: Workspace, ana: Actor) -> None:
    add_field(workspace, ana, "industry", label="Branche", help="Was sie tun")
    kind: Kind = entities["client"].kind("Industry")
    assert (kind.custom, kind.label, kind.help) == (True, "Branche", "Was sie tun")
    assert not entities["client"].fields["city"].custom
    assert SortKey("industry") in query.parse("sort:industry", entities["client"]).sort
