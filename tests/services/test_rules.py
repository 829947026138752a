"""What the business asks of a record before it is written."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records, rules
from crm_tui.undo import undo
from tests import business

CONTACT = entities["contact"]


def primaries(client: int) -> list[str]:
    model: Any = CONTACT.model
    query = model.select(model.name).where((model.client == client) & model.primary & model.archived_at.is_null())
    return [row[0] for row in query.order_by(model.id).tuples()]


# --- the point of contact


def test_the_first_contact_is_the_point_of_contact(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana)
    business.contact(workspace, ana, client, "Maria")
    business.contact(workspace, ana, client, "Thomas")
    assert primaries(client) == ["Maria"]


def test_another_takes_over_in_the_same_operation(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana)
    business.contact(workspace, ana, client, "Maria")
    thomas = business.contact(workspace, ana, client, "Thomas")
    business.save(workspace, ana, "contact", thomas, primary="yes")
    assert primaries(client) == ["Thomas"]
    assert len(business.changes()) == 2
    undo(workspace, ana)
    assert primaries(client) == ["Maria"]


def test_who_is_at_no_client_is_nobodys_point_of_contact(workspace: Workspace, ana: Actor) -> None:
    person = business.contact(workspace, ana, None, "Maria", primary="yes")
    assert business.held("contact", person)["primary"] is False


def test_who_comes_back_yields_to_who_took_over(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana)
    maria = business.contact(workspace, ana, client, "Maria")
    records.archive_many(workspace, ana, CONTACT, [maria])
    assert primaries(client) == []
    business.contact(workspace, ana, client, "Thomas")
    assert primaries(client) == ["Thomas"]
    assert records.archive_many(workspace, ana, CONTACT, [maria], back=True) == 1
    assert primaries(client) == ["Thomas"]


def test_who_moves_takes_over_at_the_new_client(workspace: Workspace, ana: Actor) -> None:
    one, two = (business.client(workspace, ana, name) for name in ("One", "Two"))
    maria = business.contact(workspace, ana, one, "Maria")
    business.contact(workspace, ana, two, "Thomas")
    business.save(workspace, ana, "contact", maria, client=two)
    assert (primaries(one), primaries(two)) == ([], ["Maria"])


# --- operators


def test_a_login_is_there_once(workspace: Workspace, ana: Actor) -> None:
    for login in ("ana", "Ana", "ÁNA"):
        with pytest.raises(InvalidRecord, match="there is already an operator"):
            business.add(workspace, ana, "operator", login=login)


@pytest.mark.parametrize("typed", [{"role": "manager"}, {"active": "no"}])
def test_the_last_admin_stays_one(workspace: Workspace, ana: Actor, bo: Actor, typed: dict[str, str]) -> None:
    with pytest.raises(CrmError, match="ana is the last active admin and must stay one"):
        business.save(workspace, ana, "operator", ana.operator_id, **typed)
    business.save(workspace, ana, "operator", bo.operator_id, role="admin")
    business.save(workspace, ana, "operator", ana.operator_id, **typed)


def test_all_admins_at_once_cannot_be_taken_away_either(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.save(workspace, ana, "operator", bo.operator_id, role="admin")
    both = [ana.operator_id, bo.operator_id]
    operators = entities["operator"]
    with pytest.raises(CrmError, match="must stay one"):
        records.change_many(workspace, ana, operators, both, {"role": "viewer"})
    with pytest.raises(CrmError, match="At least one active admin must remain"):
        records.archive_many(workspace, ana, operators, both)
    assert records.archive_many(workspace, ana, operators, both[1:]) == 1


# --- tags


def tag_names() -> list[str]:
    model: Any = entities["tag"].model
    return sorted(row[0] for row in model.select(model.name).where(model.archived_at.is_null()).tuples())


def test_tags_come_by_themselves_and_differ_by_more_than_accents(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, tags="Łódź, vip")
    business.client(workspace, ana, tags="lodz, VIP, press")
    assert tag_names() == ["press", "vip", "Łódź"]
    with pytest.raises(InvalidRecord, match='there is already a tag "Vip"'):
        business.add(workspace, ana, "tag", name="Vip")


def test_an_archived_tag_comes_back_when_it_is_used(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, tags="vip")
    records.archive_many(workspace, ana, entities["tag"], [1])
    assert tag_names() == []
    business.client(workspace, ana, "Other", tags="vip")
    assert tag_names() == ["vip"]


def test_records_follow_when_their_tag_is_renamed(workspace: Workspace, ana: Actor) -> None:
    one = business.client(workspace, ana, "One", tags="vip, press")
    two = business.client(workspace, ana, "Two", tags="vip lounge")
    business.save(workspace, ana, "tag", 2, name="Very important, indeed")
    assert business.held("client", one)["tags"] == ("press", "Very important indeed")
    assert business.held("client", two)["tags"] == ("vip lounge",)
    undo(workspace, ana)
    assert business.held("client", one)["tags"] == ("press", "vip")


# --- views and settings


def test_everyone_has_views_of_their_own(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    mine = business.add(workspace, ana, "saved_view", name="Late", screen="clients")
    assert business.held("saved_view", mine)["owner"] == ana.operator_id
    business.add(workspace, bo, "saved_view", name="late", screen="clients")
    business.add(workspace, ana, "saved_view", name="Late", screen="contacts")
    with pytest.raises(InvalidRecord, match='you have a view "LATE" already'):
        business.add(workspace, ana, "saved_view", name="LATE", screen="clients")


def test_a_setting_is_there_once(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "setting", key="name", value="Atelier Norte")
    with pytest.raises(InvalidRecord, match='there is already a setting "name"'):
        business.add(workspace, ana, "setting", key="name", value="Other")


def test_two_rules_for_one_entity_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="contact has two rules"):
        rules.rule("contact")(lambda writer, record, values: None)


def test_a_rule_is_asked_only_for_what_it_is_about() -> None:
    assert rules.has("contact")
    assert not rules.has("client")
    assert rules.concerned("contact", ["title", "primary"])
    assert not rules.concerned("contact", ["title", "email"])
    assert not rules.concerned("client", ["name"])


def test_tags_are_made_once_in_one_operation(workspace: Workspace, ana: Actor) -> None:
    with operation(workspace, ana, "x") as op:
        rules.ensure_tags(op, ["a", "A", "b"])
        rules.ensure_tags(op, ["b", "c"])
    assert [name.lower() for name in tag_names()] == ["a", "b", "c"]
