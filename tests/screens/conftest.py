"""A workspace with a few companies of several countries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.services import records
from crm_tui.services.operators import sign_in

COMPANIES = (
    ("Alfreds Futterkiste", "Berlin", "Germany", "Maria Anders"),
    ("Königlich Essen", "Brandenburg", "Germany", "Philip Cramer"),
    ("Around the Horn", "London", "UK", "Thomas Hardy"),
    ("Bólido Comidas preparadas", "Madrid", "Spain", "Martín Sommer"),
    ("Blondesddsl père et fils", "Strasbourg", "France", "Frédérique Citeaux"),
    ("Bon app'", "Marseille", "France", "Laurence Lebihan"),
)


@pytest.fixture
def companies(sqlite_location: str, open_at: Callable[[str], Workspace]) -> str:
    """The path of a workspace with six companies and a person at each."""
    _fill(open_at(sqlite_location))
    return sqlite_location


@pytest.fixture
def companies_anywhere(location: str, open_at: Callable[[str], Workspace]) -> str:
    """The same, once on each database."""
    _fill(open_at(location))
    return location


def _fill(workspace: Workspace) -> None:
    actor = sign_in(workspace, "ana")
    for name, city, country, person in COMPANIES:
        client = records.add(workspace, actor, entities["client"], {"name": name, "city": city, "country": country})
        records.add(workspace, actor, entities["contact"], {"name": person, "client": f"#{client}"})
    workspace.close()
