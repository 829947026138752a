"""Messages that are made from templates: by hand, by automations and by recurring rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.automation.runs import runs
from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.scope import Actor
from crm_tui.undo import undo
from crm_tui.worker import service
from tests import business
from tests.mail.server import MailServer


def template(workspace: Workspace, actor: Actor, **typed: Any) -> int:
    given = {
        "name": "Ready",
        "about": "orders",
        "subject": "{number} is ready",
        "body": "Hello {contact.name|you}, {me}",
    }
    return business.add(workspace, actor, "message_template", **given | typed)


def order(workspace: Workspace, actor: Actor, **typed: Any) -> int:
    return business.add(workspace, actor, "order", title="Website", **typed)


def messages() -> list[dict[str, Any]]:
    return business.rows("message")


@pytest.mark.parametrize(("field", "text", "said"), [
    ("subject", "{numer}", 'have no field "numer". Did you mean "number"?'),
    ("body", "Hello {client.nam}", '"{client.nam}" (at 7) leads nowhere: clients have no field "nam".'),
    ("body", "{title.name}", "title has no fields of its own"),
    ("body", "{client.owner.teams.x.y}", "leads nowhere"),
    ("about", "products", "belong to no client"),
    ("about", "ordres", "ordres"),
    ("language", "klingon", "write it like de or pt-BR"),
])  # fmt: skip
def test_a_template_names_what_is_there(workspace: Workspace, ana: Actor, field: str, text: str, said: str) -> None:
    with pytest.raises(CrmError) as refused:
        template(workspace, ana, **{field: text})
    assert said.lower() in str(refused.value).lower().replace('"title"', "title")


def test_one_stands_once_a_language(workspace: Workspace, ana: Actor) -> None:
    template(workspace, ana)
    template(workspace, ana, language="pt_br")
    with pytest.raises(CrmError, match="already"):
        template(workspace, ana, name="ready", language="pt-BR")


def test_an_automation_writes_in_the_language_of_whom_it_is_for(
    workspace: Workspace, ana: Actor, post: MailServer
) -> None:
    business.save(workspace, ana, "operator", ana.operator_id, name="Ana Alves", email="ana@example.com")
    template(workspace, ana)
    template(
        workspace, ana, language="de", subject="{number} ist fertig", body="Guten Tag {contact.name|}, {client.city}"
    )
    business.add(
        workspace, ana, "automation", name="Tell", entity="orders", event="is added or changed",
        condition="stage:fulfilled changed:stage", actions="message Ready",
    )  # fmt: skip
    german = business.client(workspace, ana, "Alfreds Futterkiste", language="de", city="Berlin", email="a@example.de")
    person = business.contact(workspace, ana, german, "Maria Anders", email="maria@example.de", primary="yes")
    plain = business.client(workspace, ana, "Around the Horn", language="fr", email="horn@example.org")
    nobody = business.client(workspace, ana, "Nobody")
    ids = [order(workspace, ana, client=f"#{one}") for one in (german, plain, nobody)]
    service.run_once(workspace, lambda _said: None)
    for one in ids:
        business.save(workspace, ana, "order", one, stage="fulfilled")
    service.run_once(workspace, lambda _said: None)
    first, second = messages()
    numbers = [business.held("order", one)["number"] for one in ids]
    assert (first["to"], first["subject"], first["contact"]) == ("maria@example.de", f"{numbers[0]} ist fertig", person)
    assert first["body"] == "Guten Tag Maria Anders, Berlin"
    assert (second["to"], second["subject"]) == ("horn@example.org", f"{numbers[1]} is ready")
    assert second["body"] == "Hello you, Ana Alves"
    assert (first["order"], first["owner"]) == (ids[0], ana.operator_id)
    last = runs()[0]
    assert (last.record, last.outcome) == (ids[2], "done")
    assert last.told.startswith('no message "Ready": to: there is no address')
    assert [mail["Reply-To"] for _to, mail in post.received] == ["ana@example.com"] * 2


def test_undoing_the_run_takes_what_was_not_sent_yet(workspace: Workspace, ana: Actor) -> None:
    template(workspace, ana)
    business.add(workspace, ana, "automation", name="Tell", entity="orders", event="is added", actions="message Ready")
    service.run_once(workspace, lambda _said: None)
    client = business.client(workspace, ana, email="a@example.org")
    order(workspace, ana, client=f"#{client}")
    service.run_once(workspace, lambda _said: None)
    assert len(messages()) == 1  # no server is named: it waits
    undo(workspace, ana, business.last_operation_id())
    assert [one for one in messages() if one["archived_at"] is None] == []


def test_a_recurring_rule_writes(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    written = template(
        workspace, ana, name="Summary", about="clients", subject="{month}: {name}", body="It was {quarter}."
    )
    client = business.client(workspace, ana, "ACME Studio", email="a@example.org")
    given = {"schedule": "first day of the month at 9:00", "makes": "message", "client": f"#{client}"}
    with pytest.raises(CrmError, match="name the template"):
        business.add(workspace, ana, "recurring_rule", name="Monthly", **given)
    about_orders = template(workspace, ana)
    with pytest.raises(CrmError, match="is about orders"):
        business.add(workspace, ana, "recurring_rule", name="Monthly", template=f"#{about_orders}", **given)
    business.add(workspace, ana, "recurring_rule", name="Monthly", template=f"#{written}", **given)
    with clock.use(datetime(2026, 12, 1, 9, 0)):
        service.run_once(workspace, lambda _said: None)
        service.run_once(workspace, lambda _said: None)
    assert post.subjects() == ["December 2026: ACME Studio"]
    assert post.received[0][1].get_content() == "It was Q4 2026.\r\n"


def test_what_has_not_come_yet_is_not_sent(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    written = template(workspace, ana, name="Summary", about="clients", subject="{month}", body="Hello")
    client = business.client(workspace, ana, email="a@example.org")
    business.add(
        workspace, ana, "recurring_rule", name="Monthly", template=f"#{written}", makes="message",
        client=f"#{client}", schedule="first day of the month at 9:00", missed="all",
    )  # fmt: skip
    assert service.run_until(workspace, datetime(2027, 2, 28), lambda _said: None) == 3
    assert post.received == []
    assert [one["status"] for one in messages()] == ["queued"] * 3


def test_by_hand_a_template_fills_in_what_is_empty(workspace: Workspace, ana: Actor) -> None:
    written = template(workspace, ana)
    client = business.client(workspace, ana, email="a@example.org")
    placed = order(workspace, ana, client=f"#{client}")
    business.add(
        workspace, ana, "message", template=f"#{written}", order=f"#{placed}", client=f"#{client}", body="My own words"
    )
    (one,) = messages()
    assert one["subject"] == business.held("order", placed)["number"] + " is ready"
    assert (one["body"], one["to"]) == ("My own words", "a@example.org")
    with pytest.raises(CrmError, match="it is about one of the orders"):
        business.add(workspace, ana, "message", template=f"#{written}", client=f"#{client}")


def test_who_wants_it_is_told_by_mail(workspace: Workspace, ana: Actor, bo: Actor, post: MailServer) -> None:
    client = business.client(workspace, ana)
    comment = {"about": "client", "record": str(client)}
    business.add(workspace, ana, "comment", text="@bo look at this", **comment)
    assert messages() == []
    business.save(workspace, ana, "operator", bo.operator_id, email="bo@example.com", by_mail="yes")
    business.add(workspace, ana, "comment", text="@bo look again", **comment)
    service.run_once(workspace, lambda _said: None)
    (to, mail), = post.received  # fmt: skip
    assert to == "bo@example.com"
    assert mail["Subject"] == "ana on client ACME Studio: @bo look again"
    assert mail["Reply-To"] is None or mail["Reply-To"] == "bo@example.com"
