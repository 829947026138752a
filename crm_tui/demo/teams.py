"""The teams of the demo agency, and which of them serves a client."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from crm_tui.asset_files import asset
from crm_tui.demo.operators import operators
from crm_tui.demo.sheets import Sheet
from crm_tui.demo.words import Roll, pick
from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _

SERVED_BY = {
    ("customer", "lead"): ("sales", 0.4),
    ("customer", "qualified"): ("sales", 0.5),
    ("customer", "active"): ("support", 0.85),
    ("customer", "dormant"): ("support", 0.7),
    ("client", "active"): ("support", 0.12),
}
"""The kind of team that serves a kind of client at a stage, and the share of them that one serves."""

LEFT_TO_TEAM = 0.5
"""Share of clients without an account manager whom a support team serves all the same."""


class Team(NamedTuple):
    """A team, and its members as indexes of ``operators()``."""

    name: str
    kind: str
    members: tuple[int, ...]


def teams() -> list[Team]:
    """Return the teams in the file's order. Raises BadInput when it was edited and cannot be understood."""
    logins = [one["login"] for one in operators()]
    sheet = Sheet.read(asset("demo", "teams.toml"))
    return [
        Team(one.text("name"), one.text("kind"), tuple(_place(one, login, logins) for login in one.texts("members")))
        for one in sheet.tables("team")
    ]


def _place(sheet: Sheet, login: str, logins: list[str]) -> int:
    if login not in logins:
        message = _('{where}: "{login}" is no operator.').format(where=sheet.where, login=login)
        raise BadInput(message + nearest(login, logins))
    return logins.index(login)


class Service:
    """Draws which team serves one client after another."""

    def __init__(self, seed: int) -> None:
        """The draws are its own: whatever else is drawn from the seed stays as it is."""
        self._roll: Roll = Random(f"teams {seed}").random
        kinds = [team.kind for team in teams()]
        self._by_kind = {
            kind: tuple(at for at, known in enumerate(kinds) if known == kind) for kind in dict.fromkeys(kinds)
        }

    def draw(self, kind: str, stage: str, owner: object) -> dict[str, object]:
        """Return ``team`` (index of a team, or None) and ``owner``: a team that supports a customer leaves it none."""
        wanted, share = SERVED_BY.get((kind, stage), ("support", 0.0))
        if kind == "client" and owner is None:
            wanted, share = "support", LEFT_TO_TEAM
        known = self._by_kind.get(wanted, ())
        if not known or self._roll() >= share:
            return {"team": None, "owner": owner}
        team = pick(self._roll, known)
        return {"team": team, "owner": None if (kind, wanted) == ("customer", "support") else owner}
