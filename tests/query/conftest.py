"""A few people everybody in these tests knows, without a database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crm_tui import query
from crm_tui.fields import Stored
from crm_tui.models.base import Entity, entities
from crm_tui.query import Snapshot
from crm_tui.scope import Actor

ANA = Actor(1, "ana", "admin")
BO = Actor(2, "bo", "operator")


def record(entity: str, id: int, **values: Stored) -> dict[str, Stored]:
    """A stored record: what is not given is empty."""
    kinds = entities[entity].fields
    empty: dict[str, Stored] = {name: kind.to_stored(kind.empty) for name, kind in kinds.items()}
    given: dict[str, Stored] = {
        "version": 1,
        "created_at": "2026-11-01T09:00:00Z",
        "updated_at": "2026-11-20T09:00:00Z",
    }
    return {**empty, "id": id, **given, **values}


class Office:
    """Two operators, six clients and their contacts."""

    def __init__(self) -> None:
        self.operator = [
            record("operator", 1, login="ana", name="Ana Lima", role="admin", active=True),
            record("operator", 2, login="bo", name="Bo Berg", role="operator", active=False),
        ]
        self.client = [
            record("client", 1, name="ACME Studio", stage="active", kind="client", score=82, owner=1, city="Łódź",
                   tags=["vip", "long term"], last_contact="2026-11-19T10:00:00Z", email="info@acme.example",
                   acquired_on="2024-02-29", notes="Asked for the *yearly* report"),
            record("client", 2, name="Around the Horn", stage="active", kind="customer", score=61, owner=2,
                   city="London", last_contact="2026-10-12T10:00:00Z", phone="+44 171 555-7788"),
            record("client", 3, name="B's Beverages", stage="dormant", kind="customer", owner=1, city="London",
                   tags=["press"], follow_up_on="2026-11-22"),
            record("client", 4, name="Bólido Comidas", stage="lead", kind="customer", score=0, city="Madrid",
                   follow_up_on="2026-11-30"),
            record("client", 5, name="東京デザイン", stage="qualified", kind="client", score=70, owner=2,
                   last_contact="2026-11-22T13:30:00Z", external_id="12"),
            record("client", 6, name="Gone Ltd", stage="churned", kind="customer", score=5, owner=1,
                   archived_at="2026-11-02T08:00:00Z"),
        ]  # fmt: skip
        self.contact = [
            record("contact", 1, name="Maria Anders", client=1, role="decision maker", email="maria@acme.example"),
            record("contact", 2, name="Thomas Hardy", client=2, role="user"),
            record("contact", 3, name="Ana Trujillo", client=1, role="billing", primary=True),
            record("contact", 4, name="María Lost", client=4, archived_at="2026-11-02T08:00:00Z"),
            record("contact", 5, name="Nobody's Friend", role="influencer"),
        ]

    def all(self, entity: Entity) -> list[dict[str, Stored]]:
        found: list[dict[str, Stored]] = getattr(self, entity.name, [])
        return found

    def one(self, entity: Entity, id: int) -> Snapshot | None:
        return next((found for found in self.all(entity) if found["id"] == id), None)

    def many(self, entity: Entity, field: str, id: int, *, archived: bool = False) -> Sequence[Snapshot]:
        found = [found for found in self.all(entity) if found[field] == id]
        return [one for one in found if archived or one["archived_at"] is None]

    def find(self, text: str, entity: str = "client", me: Actor | None = ANA) -> list[int]:
        """The ids of the records a list of the query shows."""
        asked = query.parse(text, entities[entity], me=me)
        shown = [
            found for found in self.all(entities[entity]) if asked.mentions("archived") or not found["archived_at"]
        ]
        return [int(str(found["id"])) for found in shown if query.matches(asked, found, self)]


@pytest.fixture
def office() -> Office:
    """A few operators, clients and contacts."""
    return Office()
