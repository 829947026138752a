"""One filter for cards of different records."""

from __future__ import annotations

import pytest

from crm_tui.dashboards import answers
from crm_tui.dashboards.filters import fitted
from crm_tui.db import Workspace
from crm_tui.kpis import periods, registry
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.scope import Actor
from tests import business


@pytest.mark.parametrize(
    ("entity", "text", "understood"),
    [
        ("order", "country:norway stage:new", "client.country:norway stage:new"),
        ("order", 'not (country:a or score>=3) "country:x"', 'not (client.country:a or client.score>=3) "country:x"'),
        ("order", "has:acquired-on", "has:client.acquired-on"),
        ("client", "client.country:norway country:peru", "country:norway country:peru"),
        ("client", "country:norway", "country:norway"),
        ("order", "client.country:norway", "client.country:norway"),
        ("product", "country:norway", "country:norway"),
        ("order", "country:norway colour:red", "country:norway colour:red"),
        ("order", "stage:(", "stage:("),
    ],
)  # fmt: skip
def test_what_records_do_not_have_is_looked_for_at_their_client(entity: str, text: str, understood: str) -> None:
    assert fitted(entities[entity], text) == understood


def test_cards_of_clients_and_of_their_orders_take_the_same_filter(workspace: Workspace, ana: Actor) -> None:
    for country in ("Norway", "Peru", "Peru"):
        client = business.client(workspace, ana, country, country=country, acquired_on="2026-11-01")
        business.add(workspace, ana, "order", client=f"#{client}", ordered_on="2026-11-01")
    year = periods.read("2026")
    for text in ("country:peru", "client.country:peru"):
        for number in ("orders-placed", "new-clients"):
            found = answers.answer(ana, registry.named(number).ask(), year, text).whole
            assert found.counted == 2
            entity = entities[registry.named(number).ask().entity]
            assert lists.count(ana, lists.listing(ana, entity, found.query)) == 2
