"""Twenty sessions move cards about on one board: no move is lost, and the cards keep one order."""

from __future__ import annotations

from collections import Counter
from random import Random

from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.journal import Writer
from crm_tui.models.base import entities
from crm_tui.models.journal import Change, Operation
from crm_tui.queries import board, lists
from crm_tui.scope import Actor
from crm_tui.services import ordering
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business
from tests.processes import Crew, Say

ORDER = entities["order"]
SESSIONS, MOVES, CARDS = 20, 8, 12


def move_cards(location: str, number: int, say: Say) -> dict[str, int]:
    """Move cards at random: to other stages, and up and down in their own; count what was done by its command."""
    workspace = open_workspace(location)
    ana = sign_in(workspace, "ana")
    roll = Random(number)
    done: Counter[str] = Counter()
    for _turn in range(MOVES):
        card, other = roll.sample(range(1, CARDS + 1), 2)
        try:
            if roll.random() < 0.5:
                if ordering.move(workspace, ana, [card], roll.choice([-2, -1, 1, 2])):
                    done["order.move"] += 1
            else:
                way = {"after": other} if roll.random() < 0.5 else {"before": other}
                ordering.place(workspace, ana, card, **way)
                done["placed"] += 1
        except CrmError as refused:
            assert "is in another stage" in str(refused), refused
            done["refused"] += 1
    return dict(done)


def test_no_move_is_lost_and_the_cards_keep_their_order(location: str) -> None:
    workspace = open_workspace(location)
    ana = sign_in(workspace, "ana")
    business.client(workspace, ana)
    for number in range(CARDS):
        business.add(workspace, ana, "order", client="ACME Studio", title=f"job {number}")
    with Crew(SESSIONS, move_cards, location) as crew:
        crew.begin()
        done: Counter[str] = Counter()
        for result in crew.results():
            done.update(result)
    assert done["order.move"] + done["placed"] + done["refused"] <= SESSIONS * MOVES
    moves = Operation.select().where(Operation.command == "order.move").count()
    assert moves == done["order.move"], "each move that was said to be done is in the journal"
    assert business.replayed() == business.present(), "and the cards stand where the journal says"
    _in_one_order(workspace, ana)
    workspace.close()


def _in_one_order(workspace: Workspace, ana: Actor) -> None:
    held = Writer.read_many(ORDER, list(range(1, CARDS + 1)))
    ranks = [(values["stage"], values["rank"]) for values in held.values()]
    assert len(set(ranks)) == CARDS, f"two cards at one place: {ranks}"
    shown = board.board(ana, lists.listing(ana, ORDER))
    assert {place.id for place in shown.places} == set(held)
    by_stage = [(place.stage, held[place.id]["rank"]) for place in shown.places if not _closed(place.stage)]
    for stage in {stage for stage, _rank in by_stage}:
        column = [rank for of, rank in by_stage if of == stage]
        assert column == sorted(column)
    assert Change.select().where(Change.entity == "order").count() > CARDS


def _closed(stage: str) -> bool:
    return stage in ("fulfilled", "cancelled")
