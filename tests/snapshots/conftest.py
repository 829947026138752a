"""A workspace with something of everything in it, and the program opened on it for a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crm_tui import config, writings
from crm_tui.app import CrmApp, first_screen
from crm_tui.commands import keymap
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import checklisting, documenting, records, tasking
from crm_tui.services.operators import sign_in
from crm_tui.session import Session
from crm_tui.worker import service
from tests import business


@pytest.fixture
def app(sqlite_location: str, open_at: Callable[[str], Workspace]) -> Iterator[CrmApp]:
    """The program on clients of both kinds, with people, conversations, tags, a custom field and score rules."""
    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    business.operator(workspace, ana, "bo")
    business.add(workspace, ana, "custom_field", entity="client", name="industry", label="Industry", kind="text")
    acme = business.client(
        workspace, ana, "ACME Studio", kind="client", stage="active", owner="ana", email="hello@acme.example",
        phone="+49 30 7 4321", city="Berlin", country="Germany", acquired_on="2024-03-01", cadence_days="30",
        tags="retainer, vip", industry="Design", notes="Wants a **darker blue**.",
    )  # fmt: skip
    maria = business.contact(workspace, ana, acme, "Maria Anders", role="decision maker", email="maria@acme.example")
    business.contact(workspace, ana, acme, "Philip Cramer", role="billing")
    business.client(workspace, ana, "Acme Studio GmbH", phone="030 74321", city="Berlin", tags="fair", industry="Print")
    business.client(workspace, ana, "Königlich Essen", stage="qualified", follow_up_on="2026-11-20", country="Germany")
    business.client(workspace, ana, "さくら旅館", country="Japan", source="trade fair", acquired_on="2026-09-14")
    business.client(workspace, ana, "Bólido Comidas preparadas", kind="client", country="Spain")
    business.add(workspace, ana, "score_rule", name="Active", query="stage:active", points="60")
    business.add(
        workspace, ana, "interaction", client=acme, contact=maria, at="2026-11-19 10:20", minutes="12",
        subject="Draft of the site", outcome="happy, wants a darker blue", next_step="send proposal",
        follow_up_on="2026-11-27",
    )  # fmt: skip
    _write_requirements(workspace, ana)
    business.add(workspace, ana, "interaction", client=acme, at="2026-10-02 16:00", channel="email", subject="Logo")
    _make_orders(workspace, ana)
    service.run_once(workspace, lambda said: None)  # what the automations make is there, and comes at no other moment
    settings = config.Config()
    session = Session(workspace, ana, settings, keymap.build(settings.keys))
    yield CrmApp(session, first_screen(session, "", ""))
    session.leave()
    session.database.close()


def _write_requirements(workspace: Workspace, ana: Actor) -> None:
    """The requirements of ACME Studio, some of them written."""
    typed = {"title": "Website: requirements", "client": "ACME Studio"}
    record = documenting.begin(workspace, ana, typed, "business requirements")
    texts = {
        "Summary": "A new site in **three languages**, kept up without a developer.",
        "Functional requirements": "Editors publish a page\n[x] Old addresses redirect",
        "Financials": "Design: 3 x 1200\nHosting: 99",
        "Timeline": "2026-12-01 to 2026-12-15 discovery\n2026-12-10 to 2027-01-24 design",
        "Open questions": "? Who owns the photographs",
    }
    for one in writings.read(record):
        if one.heading in texts and one.id is not None:
            records.save(workspace, ana, entities["section"], one.id, {"body": texts[one.heading]})


def _make_orders(workspace: Workspace, ana: Actor) -> None:
    """Orders in several stages, one late and one blocked, with a checklist half done and tasks."""
    for number, (client, title, stage, due, also) in enumerate(
        (
            ("ACME Studio", "Website redesign", "new", "+12d", {"assignee": "ana", "priority": "high"}),
            ("Königlich Essen", "Menu, 3 languages", "in progress", "+1d", {"assignee": "bo", "tags": "print"}),
            ("さくら旅館", "Brand refresh", "in progress", "-2d", {"blocked": "waits for photos"}),
            ("Bólido Comidas preparadas", "Spring campaign", "review", "+5d", {"assignee": "bo"}),
            ("ACME Studio", "Packaging", "fulfilled", "", {}),
        ),
        1,
    ):
        ordered = {"ordered": "-20d", **({"due": due} if due else {})}
        business.add(workspace, ana, "order", client=client, title=title, stage=stage, **ordered, **also)
        business.add(workspace, ana, "order_line", order=f"ORD-{number}", title="work", unit_price="1200", tax="19")
    checklisting.apply(workspace, ana, entities["order"], [2], "print job")
    checklisting.tick(workspace, ana, [1, 2, 3])
    for line in ("draft tomorrow 10:00 !high @bo #ORD-2", "proof +3d #ORD-2 ~1h30", "call about photos -1d #ORD-3"):
        tasking.add_line(workspace, ana, line)
    tasking.wait_for(workspace, ana, [2], 1)
