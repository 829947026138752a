"""Words of a workspace's own: stages, channels, roles, sources; what they mean stays, whatever they are called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from crm_tui import journal
from crm_tui.commands.context import Context
from crm_tui.commands.registry import registry
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, Conflict, CrmError, InvalidRecord, NotAllowed, NotFound
from crm_tui.fields import vocabulary
from crm_tui.models import words as models
from crm_tui.models.base import entities
from crm_tui.queries import known_values, lists
from crm_tui.scope import Actor
from crm_tui.services import records, words
from crm_tui.undo import redo, undo
from tests import business

PROGRAM = ["lead", "qualified", "active", "dormant", "churned"]


def stages() -> list[str]:
    return [option.value for option in entities["client"].fields["stage"].options]  # type: ignore[attr-defined]


def add(workspace: Workspace, actor: Actor, value: str, vocabulary: str = "client.stage", **typed: str) -> int:
    return business.add(workspace, actor, "word", vocabulary=vocabulary, value=value, **typed)


def row(name: str) -> int:
    model: Any = models.Word
    return int(model.get((model.name == name) & model.archived_at.is_null()).id)


def names(actor: Actor, text: str) -> list[str]:
    shown = lists.listing(actor, entities["client"], text, ["name"])
    return [one.cells[0] for one in lists.Reading(actor, shown).window(0, 100)]


def test_the_vocabularies_are_those_of_the_fields() -> None:
    assert list(words.vocabularies()) == [
        "client.kind", "client.source", "client.stage", "contact.role", "interaction.channel",
        "order.priority", "order.stage", "product.billing", "product.category", "task.status", "team.kind",
    ]  # fmt: skip
    assert words.vocabularies()["client.stage"].label == "client stage"


def test_the_first_word_of_ones_own_makes_rows_of_the_program_s(workspace: Workspace, ana: Actor) -> None:
    assert vocabulary == {} and stages() == PROGRAM
    add(workspace, ana, "conflict check", meaning="qualified", position="2")
    assert stages() == ["lead", "conflict check", "qualified", "active", "dormant", "churned"]
    acme = business.client(workspace, ana, stage="Conflict-Check")
    assert business.held("client", acme)["stage"] == "conflict check"
    assert names(ana, "stage:conflict-check") == names(ana, "stage<qualified") == ["ACME Studio"]
    with pytest.raises(CrmError, match="1 client"):
        undo(workspace, ana, journal.last_operation() - 1)
    business.save(workspace, ana, "client", acme, stage="lead")
    undo(workspace, ana)
    undo(workspace, ana)
    undo(workspace, ana)
    assert vocabulary == {} and stages() == PROGRAM
    redo(workspace, ana)
    assert len(stages()) == 6


def test_adding_a_word_the_program_has_renames_it(workspace: Workspace, ana: Actor) -> None:
    add(workspace, ana, "Lead", label="Enquiry")
    assert stages() == PROGRAM
    stage = entities["client"].fields["stage"]
    assert (stage.show("lead"), stage.show("active"), stage.initial) == ("Enquiry", "active", "lead")
    assert stage.check("enquiry") == stage.check("LEAD") == "lead"
    acme = business.client(workspace, ana)
    assert names(ana, "stage:enquiry") == ["ACME Studio"] and business.held("client", acme)["stage"] == "lead"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"value": "new one"}, "say what it is to the program: new, qualified, won, quiet, gone"),
        ({"value": "new one", "meaning": "spoken"}, "say what it is to the program"),
        ({"value": "hot", "meaning": "new", "also": "x, Qualified"}, '"Qualified" is the word "qualified" already'),
        ({"value": "hot", "meaning": "new", "label": "ACTIVE"}, '"ACTIVE" is the word "active" already'),
        ({"value": "a,b", "meaning": "new"}, "a comma"),
        ({"value": "-a", "meaning": "new"}, "begins with"),
        ({"value": "?", "meaning": "new"}, "no letter|say"),
        ({"value": "", "meaning": "new"}, "empty"),
        ({"value": "boss", "vocabulary": "contact.role", "meaning": "won"}, "leave it empty"),
        ({"value": "boss", "vocabulary": "contact.rule"}, 'Did you mean "contact.role"'),
        ({"value": "prospect", "vocabulary": "client.kind"}, "it is one of client, customer"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(
    sqlite_location: str, open_at: Callable[[str], Workspace], typed: dict[str, str], reason: str
) -> None:
    workspace = open_at(sqlite_location)
    with pytest.raises(InvalidRecord, match=reason):
        add(workspace, Actor(1, "ana", "admin"), **typed)
    assert vocabulary == {}


def test_a_word_in_use_stays(workspace: Workspace, ana: Actor) -> None:
    words.own(workspace, ana, "client.stage")
    business.client(workspace, ana, stage="dormant")
    gone = business.client(workspace, ana, "Gone", stage="dormant")
    records.archive_many(workspace, ana, entities["client"], [gone])
    for refused in (
        lambda: records.archive_many(workspace, ana, entities["word"], [row("client.stage.dormant")]),
        lambda: business.save(workspace, ana, "word", row("client.stage.dormant"), value="asleep"),
        lambda: business.save(workspace, ana, "word", row("client.stage.dormant"), vocabulary="contact.role"),
    ):
        with pytest.raises(CrmError, match=r"is that of 2 clients: .*word\.replace word=client\.stage\.dormant"):
            refused()
    assert stages() == PROGRAM
    business.save(workspace, ana, "word", row("client.stage.dormant"), label="Asleep", position="0")
    assert stages()[0] == "dormant"


def test_a_meaning_that_is_needed_stays(workspace: Workspace, ana: Actor) -> None:
    words.own(workspace, ana, "client.stage")
    word = entities["word"]
    with pytest.raises(CrmError, match="Client stage needs a word that means won; add another"):
        records.archive_many(workspace, ana, word, [row("client.stage.active")])
    with pytest.raises(CrmError, match="means gone"):
        business.save(workspace, ana, "word", row("client.stage.churned"), meaning="quiet")
    add(workspace, ana, "in court", meaning="won")
    records.archive_many(workspace, ana, word, [row("client.stage.active"), row("client.stage.dormant")])
    assert stages() == ["lead", "qualified", "churned", "in court"]
    with pytest.raises(CrmError, match="needs a word that means won"):
        records.archive_many(workspace, ana, word, [row("client.stage.in court")])
    everything = [row(f"client.stage.{stage}") for stage in stages()]
    records.archive_many(workspace, ana, word, everything)
    assert vocabulary == {} and stages() == PROGRAM, "without words of its own it has the program's"


def test_kinds_are_called_otherwise_and_stay_two(workspace: Workspace, ana: Actor) -> None:
    words.own(workspace, ana, "client.kind")
    business.save(workspace, ana, "word", row("client.kind.client"), label="Mandant")
    assert names(ana, "kind:mandant") == []
    with pytest.raises(CrmError, match="has the words client, customer and no others"):
        records.archive_many(workspace, ana, entities["word"], [row("client.kind.customer")])
    acme = business.client(workspace, ana)
    assert business.held("client", acme)["kind"] == "customer"
    with pytest.raises(CrmError, match="not replaced"):
        words.replace(workspace, ana, "client.kind.client", "customer")


def test_what_a_word_means_counts_and_not_how_it_is_called(workspace: Workspace, ana: Actor) -> None:
    add(workspace, ana, "pen", "interaction.channel", meaning="note")
    add(workspace, ana, "court", "interaction.channel", meaning="spoken")
    add(workspace, ana, "closed", meaning="gone")
    acme = business.client(workspace, ana, cadence_days="10")
    business.add(workspace, ana, "interaction", client=acme, channel="pen")
    assert business.held("client", acme)["last_contact"] is None
    met = business.add(workspace, ana, "interaction", client=acme, channel="court")
    assert business.held("interaction", met)["direction"] == "both"
    held = business.held("client", acme)
    assert held["last_channel"] == "court" and held["heard_at"] and held["due_on"]
    with pytest.raises(InvalidRecord, match="say why they left"):
        business.save(workspace, ana, "client", acme, stage="closed")
    business.save(workspace, ana, "client", acme, stage="closed", churn_reason="moved")
    assert business.held("client", acme)["due_on"] is None
    business.save(workspace, ana, "word", row("client.stage.closed"), meaning="quiet")
    assert business.held("client", acme)["due_on"] is not None
    business.save(workspace, ana, "word", row("interaction.channel.court"), meaning="note")
    assert business.held("client", acme)["last_contact"] is None
    undo(workspace, ana)
    assert business.held("client", acme)["last_channel"] == "court"


def test_what_new_records_begin_with_is_the_first_word_of_its_meaning(workspace: Workspace, ana: Actor) -> None:
    add(workspace, ana, "enquiry", meaning="new", position="0")
    add(workspace, ana, "meet", "interaction.channel", meaning="spoken", position="0")
    acme = business.client(workspace, ana)
    assert business.held("client", acme)["stage"] == "enquiry"
    said = business.add(workspace, ana, "interaction", client=acme)
    assert business.held("interaction", said)["channel"] == "meet"


def test_one_word_is_replaced_by_another_everywhere_and_back(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "setting", key="cadence.dormant", value="30")
    ids = [business.client(workspace, ana, f"C{n}", stage="dormant") for n in range(3)]
    records.archive_many(workspace, ana, entities["client"], ids[:1])
    assert words.replace(workspace, ana, "client.stage.dormant", "Qualified") == 3
    assert stages() == ["lead", "qualified", "active", "churned"]
    assert {business.held("client", one)["stage"] for one in ids} == {"qualified"}
    assert names(ana, "stage:dormant") == ["C1", "C2"], "what was asked before is still understood"
    assert business.held("client", ids[1])["due_on"] is not None, "the cadence came along"
    undo(workspace, ana)
    assert {business.held("client", one)["stage"] for one in ids} == {"dormant"} and stages() == PROGRAM
    assert vocabulary == {}
    redo(workspace, ana)
    assert {business.held("client", one)["stage"] for one in ids} == {"qualified"}


@pytest.mark.parametrize(
    ("word", "by", "kind", "reason"),
    [
        ("client.stage.ledd", "active", NotFound, 'Did you mean "client.stage.lead"'),
        ("client.stage.lead", "actve", NotFound, 'Did you mean "client.stage.active"'),
        ("client.stage.lead", "lead", BadInput, "by itself"),
        ("client.stage.churned", "lead", CrmError, "means gone"),
    ],
)
def test_what_cannot_be_replaced_is_said(
    sqlite_location: str, open_at: Callable[[str], Workspace], word: str, by: str, kind: type[Exception], reason: str
) -> None:
    workspace = open_at(sqlite_location)
    with pytest.raises(kind, match=reason):
        words.replace(workspace, Actor(1, "ana", "admin"), word, by)
    assert vocabulary == {} and stages() == PROGRAM


def test_words_change_places(workspace: Workspace, ana: Actor) -> None:
    words.own(workspace, ana, "client.stage")
    words.move(workspace, ana, row("client.stage.lead"), 1)
    assert stages()[:2] == ["qualified", "lead"]
    words.move(workspace, ana, row("client.stage.lead"), -9)
    assert stages() == PROGRAM
    undo(workspace, ana)
    assert stages()[:2] == ["qualified", "lead"]


def test_a_word_is_put_away_and_comes_back(workspace: Workspace, ana: Actor) -> None:
    words.own(workspace, ana, "contact.role")
    user = row("contact.role.user")
    records.archive_many(workspace, ana, entities["word"], [user])
    with pytest.raises(InvalidRecord, match='"user" is not one of'):
        business.contact(workspace, ana, None, role="user")
    add(workspace, ana, "user", "contact.role")
    with pytest.raises(InvalidRecord, match="already"):
        records.archive_many(workspace, ana, entities["word"], [user], back=True)
    undo(workspace, ana)
    records.archive_many(workspace, ana, entities["word"], [user], back=True)
    business.contact(workspace, ana, None, role="user")


def test_sources_are_suggested_and_anything_else_is_taken(workspace: Workspace, ana: Actor) -> None:
    add(workspace, ana, "trade fair", "client.source", label="Trade fair")
    add(workspace, ana, "referral", "client.source", label="Referral")
    client = entities["client"]
    business.client(workspace, ana, source="Radio")
    assert known_values.known_values(ana, client, "source", "") == ["Trade fair", "Referral", "Radio"]
    assert known_values.known_values(ana, client, "source", "r") == ["Referral", "Radio"]
    records.archive_many(workspace, ana, entities["word"], [row("client.source.referral")])
    assert known_values.known_values(ana, client, "source", "r") == ["Radio"]


def test_only_an_admin_changes_words(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    for refused in (
        lambda: add(workspace, bo, "hot", meaning="new"),
        lambda: words.own(workspace, bo, "client.stage"),
        lambda: words.replace(workspace, bo, "client.stage.lead", "active"),
    ):
        with pytest.raises(NotAllowed, match="only an admin changes words"):
            refused()
    add(workspace, ana, "hot", meaning="new")
    assert business.held("client", business.client(workspace, bo, stage="hot"))["stage"] == "hot"


def test_what_another_session_changes_is_taken_up_with_its_news(
    location: str, open_at: Callable[[str], Workspace], ana: Actor
) -> None:
    mine = open_at(location)
    seen = journal.last_operation()
    add(mine, ana, "hot", meaning="new")
    vocabulary.clear()  # as in a session that has not heard of it
    models._loaded.clear()
    assert journal.changed_since(seen) is not None
    assert "hot" in stages()


def test_a_word_put_away_meanwhile_is_not_written(
    location: str, open_at: Callable[[str], Workspace], ana: Actor
) -> None:
    """The other session typed it before it heard."""
    mine = open_at(location)
    words.own(mine, ana, "client.stage")
    before, loaded = dict(vocabulary), list(models._loaded)
    records.archive_many(mine, ana, entities["word"], [row("client.stage.dormant")])
    vocabulary.update(before)
    models._loaded[:] = loaded
    with pytest.raises(Conflict, match='stage "dormant" was taken away meanwhile; there are lead, qualified'):
        business.client(mine, ana, stage="dormant")


def test_another_workspace_has_words_of_its_own(
    sqlite_location: str, open_at: Callable[[str], Workspace], tmp_path: Any
) -> None:
    add(open_at(sqlite_location), Actor(1, "ana", "admin"), "hot", meaning="new")
    open_at(str(tmp_path / "other.db"))
    assert stages() == PROGRAM
    open_at(sqlite_location)
    assert "hot" in stages()


def test_score_rules_are_asked_anew_when_words_change(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, stage="qualified")
    business.add(workspace, ana, "score_rule", name="Far", query="stage>=active", points="40")
    assert business.held("client", acme)["score"] == 0
    words.own(workspace, ana, "client.stage")
    words.move(workspace, ana, row("client.stage.qualified"), 1)
    from crm_tui.services.scores import Slices

    while Slices(workspace).step():
        pass
    assert business.held("client", acme)["score"] == 40


def test_what_is_undone_brings_no_word_back_that_was_taken_away(workspace: Workspace, ana: Actor) -> None:
    words.own(workspace, ana, "client.stage")
    acme = business.client(workspace, ana, stage="dormant")
    business.save(workspace, ana, "client", acme, stage="lead")
    edited = journal.last_operation()
    records.archive_many(workspace, ana, entities["word"], [row("client.stage.dormant")])
    with pytest.raises(Conflict, match='stage "dormant" was taken away'):
        undo(workspace, ana, edited)
    undo(workspace, ana)
    undo(workspace, ana, edited)
    assert business.held("client", acme)["stage"] == "dormant"


def test_the_cadence_of_a_stage_goes_with_its_name(workspace: Workspace, ana: Actor) -> None:
    words.own(workspace, ana, "client.stage")
    cadence = business.add(workspace, ana, "setting", key="cadence.dormant", value="30")
    business.save(workspace, ana, "word", row("client.stage.dormant"), value="asleep")
    assert business.held("setting", cadence)["key"] == "cadence.asleep"
    acme = business.client(workspace, ana, stage="asleep")
    assert business.held("client", acme)["due_on"] is not None
    undo(workspace, ana)
    undo(workspace, ana)
    assert business.held("setting", cadence)["key"] == "cadence.dormant"


def test_clients_are_promoted_and_leave_by_what_stages_mean(workspace: Workspace, ana: Actor) -> None:
    add(workspace, ana, "instructed", meaning="won", position="0")
    add(workspace, ana, "ended", meaning="gone", position="0")
    new = business.client(workspace, ana)
    running = business.client(workspace, ana, "Running", stage="active")
    for command, ids in (("client.promote", [new]), ("client.promote", [running])):
        run(workspace, ana, command, ids)
    assert business.held("client", new)["stage"] == "instructed"
    assert business.held("client", running)["stage"] == "active", "it is won already"
    run(workspace, ana, "client.churn", [new], reason="moved away")
    assert business.held("client", new)["stage"] == "ended"


def run(workspace: Workspace, actor: Actor, command: str, ids: list[int], **arguments: str) -> None:
    """Run a command as a script does."""
    found = registry.get(command)

    async def call(function: Any, *args: Any) -> Any:
        return function(*args)

    asyncio.run(found.run(Context(workspace, actor, call, entities["client"], tuple(ids), arguments=arguments)))  # type: ignore[arg-type]
