"""Lead scores: rules give points, the record says why, and what changes is scored anew."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm_tui import clock, journal, scoring
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord, NotAllowed
from crm_tui.fields import choices
from crm_tui.models.base import entities
from crm_tui.queries import scores
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.scores import Slices, rescore_all
from crm_tui.undo import undo
from tests import business
from tests.conftest import NOW

CLIENT = entities["client"]


def rule(workspace: Workspace, actor: Actor, query: str, points: int, **typed: Any) -> int:
    return business.add(workspace, actor, "score_rule", name=query, query=query, points=points, **typed)


def score(client: int) -> int | None:
    found: int | None = business.held("client", client)["score"]
    return found


def why(client: int) -> dict[str, Decimal]:
    return {one.rule: one.points for one in scores.why(client)}


def crowd(workspace: Workspace, actor: Actor, count: int, **values: Any) -> list[int]:
    """Add many clients at once, as an import does."""
    with journal.operation(workspace, actor, "client.import") as op:
        return op.create_many(CLIENT, [{"name": f"Client {at}", **values} for at in range(count)])


def catch_up(workspace: Workspace) -> None:
    slices = Slices(workspace)
    while slices.step():
        pass


def test_a_client_gets_the_points_of_the_rules_it_meets(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, stage="qualified", city="Berlin")
    rule(workspace, ana, "stage:qualified", 40)
    rule(workspace, ana, "city:berlin", 25)
    rule(workspace, ana, "city:madrid", 99)
    assert score(acme) == 65
    assert why(acme) == {"city:berlin": 25, "stage:qualified": 40}


def test_a_score_stays_between_nothing_and_a_hundred(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    for word in ("id>0", "name:acme"):
        rule(workspace, ana, word, 80)
    assert score(acme) == 100
    for word in ("stage:lead", "kind:customer"):
        rule(workspace, ana, word, -100)
    assert score(acme) == 0


def test_points_fade_as_days_go_by(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, acquired_on="2026-10-23")
    rule(workspace, ana, "id>0", 50, half_life_days=30, fades_from="acquired_on")
    assert score(acme) == 25
    with clock.use(NOW + timedelta(days=30)):
        assert scoring.behind()
        catch_up(workspace)
        assert score(acme) == 13  # 12.5, halves rounded up
        assert why(acme) == {"id>0": Decimal("12.5")}
        assert not scoring.behind()


def test_points_do_not_fade_before_the_day_they_count_from_and_fade_from_the_first_without_one(
    workspace: Workspace, ana: Actor
) -> None:
    rule(workspace, ana, "id>0", 40, half_life_days=10, fades_from="acquired_on")
    tomorrow = business.client(workspace, ana, acquired_on="2026-12-24")
    unknown = business.client(workspace, ana)
    assert score(tomorrow) == score(unknown) == 40
    with clock.use(NOW + timedelta(days=10)):
        catch_up(workspace)
        assert (score(tomorrow), score(unknown)) == (40, 20)


def test_what_changes_is_scored_with_the_change(workspace: Workspace, ana: Actor) -> None:
    rule(workspace, ana, "stage:active", 30)
    rule(workspace, ana, "contact.role:billing", 20)
    acme, other = business.client(workspace, ana, stage="active"), business.client(workspace, ana, "Other")
    assert (score(acme), score(other)) == (30, 0)
    maria = business.contact(workspace, ana, acme, role="billing")
    assert score(acme) == 50
    business.save(workspace, ana, "contact", maria, client=other)
    assert (score(acme), score(other)) == (30, 20)
    undo(workspace, ana)
    assert (score(acme), score(other)) == (50, 0)


def test_whoever_is_at_a_client_besides_counts(workspace: Workspace, ana: Actor) -> None:
    rule(workspace, ana, "contact.role:billing", 20)
    rule(workspace, ana, "contact.do_not_contact:yes", 5)
    acme, other = business.client(workspace, ana, "ACME"), business.client(workspace, ana, "Other")
    maria = business.contact(workspace, ana, acme)
    business.add(workspace, ana, "affiliation", contact=f"#{maria}", client=f"#{other}", role="billing")
    assert (score(acme), score(other)) == (0, 20)
    business.save(workspace, ana, "contact", maria, do_not_contact="yes")
    assert (score(acme), score(other)) == (5, 25)
    business.save(workspace, ana, "affiliation", 1, role="user")
    assert (score(acme), score(other)) == (5, 5)
    undo(workspace, ana)
    assert (score(acme), score(other)) == (5, 25)


def test_a_score_is_no_change_of_the_journal_and_leaves_the_version(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    rule(workspace, ana, "id>0", 10)
    assert [change["entity"] for change in business.changes()] == ["score_rule"]
    assert (score(acme), business.held("client", acme)["version"]) == (10, 1)


def test_whoever_shows_clients_hears_that_scores_changed(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    heard: list[journal.Changed] = []
    journal.listeners.append(heard.append)
    rule(workspace, ana, "contact.count>0", 10)
    business.contact(workspace, ana, acme)
    assert heard[-1].records["client"] == {acme}


def test_typed_scores_come_back_when_the_last_rule_goes(workspace: Workspace, ana: Actor) -> None:
    acme, other = business.client(workspace, ana, score=33), business.client(workspace, ana, "Other")
    one = rule(workspace, ana, "id>0", 10)
    assert (score(acme), score(other)) == (10, 10)
    business.save(workspace, ana, "score_rule", one, active="no")
    assert (score(acme), score(other)) == (33, None)
    undo(workspace, ana)
    assert (score(acme), score(other)) == (10, 10)
    records.archive_many(workspace, ana, entities["score_rule"], [one])
    assert (score(acme), score(other)) == (33, None)
    assert not scoring.behind()


def test_a_score_that_rules_keep_is_not_typed(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    business.save(workspace, ana, "client", acme, score=20)
    rule(workspace, ana, "id>0", 10)
    with pytest.raises(InvalidRecord, match="kept by the score rules"):
        business.save(workspace, ana, "client", acme, score=50)
    undo(workspace, ana)
    business.save(workspace, ana, "client", acme, score=50)
    assert score(acme) == 50


def test_undoing_an_edit_from_before_the_rules_leaves_the_score_to_them(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, city="Porto")
    business.save(workspace, ana, "client", acme, score=20, city="Berlin")
    edit = business.last_operation_id()
    rule(workspace, ana, "city:porto", 10)
    undo(workspace, ana, edit)
    assert (business.held("client", acme)["city"], score(acme)) == ("Porto", 10)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("stagex:lead", "no field"),
        ("score>50", "cannot ask for the score"),
        ("changed:stage", "only work in automations"),
        ("stage:", "stage"),
    ],
)
def test_a_query_that_cannot_be_asked_is_refused_at_its_field(
    workspace: Workspace, ana: Actor, query: str, said: str
) -> None:
    with pytest.raises(InvalidRecord, match=said) as refused:
        rule(workspace, ana, query, 10)
    assert list(refused.value.problems) == ["query"]


def test_rules_are_for_managers(workspace: Workspace, ana: Actor) -> None:
    rule(workspace, business.operator(workspace, ana, "mia", "manager"), "id>0", 10)
    with pytest.raises(NotAllowed, match="admin or a manager"):
        rule(workspace, business.operator(workspace, ana, "otto"), "id>0", 10)


def test_many_are_scored_in_slices_that_anybody_continues(workspace: Workspace, ana: Actor) -> None:
    clients = crowd(workspace, ana, 700, stage="qualified")
    rule(workspace, ana, "stage:qualified", 40)
    assert scoring.behind() and score(clients[-1]) is None
    assert scoring.step(workspace, 300, scoring.Pass()) == set(clients[:300])
    assert (score(clients[299]), score(clients[300])) == (40, None)
    catch_up(workspace)  # another session, after the first was killed
    assert {score(client) for client in clients} == {40}
    with journal.operation(workspace, ana, "client.edit") as op:
        op.update_many(CLIENT, {client: {"stage": "lead"} for client in clients[:400]})
    assert scoring.behind()
    catch_up(workspace)
    assert [score(client) for client in (clients[0], clients[399], clients[400])] == [0, 0, 40]


def test_what_changes_behind_a_pass_is_passed_again(workspace: Workspace, ana: Actor) -> None:
    clients = crowd(workspace, ana, 700)
    rule(workspace, ana, "stage:lead", 40)
    question = scoring.Pass()
    scoring.step(workspace, 600, question)
    with journal.operation(workspace, ana, "client.edit") as op:
        op.update_many(CLIENT, {client: {"stage": "active"} for client in clients[100:500]})
    while scoring.step(workspace, 250, question) is not None:
        pass
    assert [score(clients[at]) for at in (99, 100, 499, 500, 699)] == [40, 0, 0, 40, 40]


def test_all_at_once_for_scripts(workspace: Workspace, ana: Actor) -> None:
    crowd(workspace, ana, 500)
    rule(workspace, ana, "id>0", 10)
    assert rescore_all(workspace, ana) == 500
    assert rescore_all(workspace, ana) == 0
    assert not scoring.behind()


def test_a_rule_whose_words_are_gone_gives_nothing_and_says_so(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = business.client(workspace, ana, stage="dormant")
    rule(workspace, ana, "stage:dormant", 10)
    assert score(acme) == 10
    monkeypatch.setitem(choices.vocabulary, "client.stage", (choices.Option("lead", "lead"),))
    business.save(workspace, ana, "client", acme, city="Berlin")
    (one,) = scores.why(acme)
    assert one.points == score(acme) == 0
    assert "dormant" in one.problem


def test_a_change_of_those_who_own_clients_is_a_change_of_their_scores(workspace: Workspace, ana: Actor) -> None:
    bo = business.operator(workspace, ana, "bo")
    acme = business.client(workspace, ana, owner="bo")
    rule(workspace, ana, "owner.role:manager", 10)
    assert score(acme) == 0
    business.save(workspace, ana, "operator", bo.operator_id, role="manager")
    catch_up(workspace)
    assert score(acme) == 10
