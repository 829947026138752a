"""Templates of workspaces: every one that is shipped fits an empty workspace and a full one, and is undone at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_tui import query, templates
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, NotAllowed
from crm_tui.fields import vocabulary
from crm_tui.models.base import entities, find_entity
from crm_tui.queries import lists
from crm_tui.scope import Actor
from crm_tui.undo import redo, undo
from crm_tui.verbs.demo import fill
from tests import business

NAMES = ("agency", "consultancy", "law-office", "retail")


def rows(what: str) -> list[Any]:
    model: Any = entities[what].model
    return list(model.select().where(model.archived_at.is_null()).order_by(model.id))


def require_sound(actor: Actor) -> None:
    """Every query is one that can be asked, every column one that can be shown."""
    for view in rows("saved_view"):
        shown = lists.listing(actor, find_entity(view.screen), view.query, view.columns.split(","))
        lists.Reading(actor, shown).window(0, 5)
        assert list(shown.columns) == view.columns.split(",") and view.shared
    for rule in rows("score_rule"):
        query.parse(rule.query, entities["client"])
    stages = {option.value for option in vocabulary["client.stage"]}
    assert {row.key.removeprefix("cadence.") for row in rows("setting")} <= stages
    for what in ("custom_field", "score_rule", "saved_view", "tag"):
        assert len(rows(what)) >= 6


def test_those_that_are_shipped() -> None:
    assert [one.name for one in templates.shipped()] == list(NAMES)
    assert all(one.title and one.description for one in templates.shipped())
    assert templates.find("Law office").title == "Law office"
    with pytest.raises(BadInput, match='there are agency, consultancy, law-office, retail.*Did you mean "retail"'):
        templates.find("retial")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_workspace_gets_all_of_it_once_and_one_undo_takes_it_back(
    workspace: Workspace, ana: Actor, name: str
) -> None:
    template, before = templates.find(name), business.present()
    found = templates.apply(workspace, ana, template)
    assert not found.left and len(found.added) == len(template.items)
    require_sound(ana)
    after = business.present()
    again = templates.apply(workspace, ana, template)
    assert not again.added and len(again.left) == len(template.items)
    assert business.present() == after
    acme = business.client(workspace, ana)
    assert entities["client"].fields["stage"].show(business.held("client", acme)["stage"])
    undo(workspace, ana)
    undo(workspace, ana)
    assert business.present() == before and vocabulary == {}
    redo(workspace, ana)
    require_sound(ana)


@pytest.fixture
def demo(workspace: Workspace, ana: Actor) -> Workspace:
    fill(workspace, ana, 60, 1)
    return workspace


@pytest.mark.parametrize("name", NAMES)
def test_a_full_workspace_keeps_what_it_has(demo: Workspace, ana: Actor, name: str) -> None:
    template = templates.find(name)
    clients = {row.id: row.stage for row in rows("client")}
    tags = {row.name for row in rows("tag")}
    templates.apply(demo, ana, template)
    require_sound(ana)
    assert {row.id: row.stage for row in rows("client")} == clients
    for client in clients.values():
        assert client in {option.value for option in vocabulary["client.stage"]}
    assert tags <= {row.name for row in rows("tag")}
    after = business.present()
    assert not templates.apply(demo, ana, template).added
    assert business.present() == after
    undo(demo, ana)
    assert {row.name for row in rows("tag")} == tags and not rows("custom_field")


def test_a_workspace_with_words_of_its_own_keeps_them(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "word", vocabulary="client.stage", value="lead", label="Intake")
    business.add(workspace, ana, "word", vocabulary="client.stage", value="Open matter", meaning="won")
    found = templates.apply(workspace, ana, templates.find("law-office"))
    left = {one.title: one.reason for one in found.left}
    assert left["client.stage.lead"] == "it is there already"
    stage = entities["client"].fields["stage"]
    assert stage.show("lead") == "Intake" and stage.check("conflict check") == "conflict check"


def test_words_that_records_have_are_kept_and_told(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "interaction", client=business.client(workspace, ana), channel="sms")
    found = templates.apply(workspace, ana, templates.find("consultancy"))
    assert ("interaction.channel.sms", "records have it (1 interaction)") in [
        (one.title, one.reason) for one in found.left
    ]
    values = [option.value for option in vocabulary["interaction.channel"]]
    assert "sms" in values and "workshop" in values


def test_only_an_admin_applies_one(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    with pytest.raises(NotAllowed, match="only an admin"):
        templates.apply(workspace, bo, templates.find("agency"))
    with pytest.raises(NotAllowed, match="--readonly"):
        templates.apply(workspace, Actor(1, "ana", "admin", readonly=True), templates.find("agency"))


HEAD = 'title = "Mine"\ndescription = "x"\n'

MISTAKES = {
    'title = "Mine\n': r"mine\.toml: .*line 1",
    'title = "Mine"\n': r'mine\.toml, line 1: "description" must be a text in quotes',
    HEAD + "\n[[score_rule]]\n": r'line 4: "score_rule" means nothing here; .*Did you mean "score_rules"',
    HEAD + '[[score_rules]]\nname = "A"\npoint = 3\n': r'line 5: "point" means nothing here.*Did you mean "points"',
    HEAD + '[[score_rules]]\nname = "A"\nquery = "stage:leed"\npoints = 3\n': r'line 3: score rule "A": .*"lead"',
    HEAD + '[[score_rules]]\nname = "A"\nquery = "stage:lead"\npoints = 300\n': r'line 3: score rule "A": points',
    HEAD + '[[score_rules]]\nquery = "stage:lead"\n': "line 3: it needs a name",
    HEAD + '[[custom_fields]]\nname = "Big Deal"\n': 'line 3: custom field "Big Deal": name: .*big_deal',
    HEAD
    + '[[custom_fields]]\nname = "x"\nentity = "clint"\n': 'line 3: custom field "x": entity: "clint" is not one of',
    HEAD + '[[custom_fields]]\nname = "x"\nkind = ["a", 1]\n': 'line 3: "kind" must be a text in quotes, a number',
    HEAD + '[[saved_views]]\nname = "V"\ncolumns = ["nam"]\n': 'line 3: saved view "V": .*nam',
    HEAD + '[[saved_views]]\nname = "V"\nscreen = "clents"\n': 'line 3: saved view "V": .*clents',
    HEAD + '[[saved_views]]\nname = "V"\nquery = "sort:nme"\n': 'line 3: saved view "V": .*"name"',
    HEAD + "[cadences]\nled = 7\n": 'line 4: setting "cadence.led": there is no stage "led".*Did you mean "lead"',
    HEAD + '[cadences]\nlead = "7"\n': 'line 4: "lead" must be a number of days',
    HEAD + '[words]\n"client.stge" = ["a"]\n': 'line 4: there are no words of "client.stge"; .*"client.stage"',
    HEAD + '[words]\n"client.stage" = ["a"]\n': 'line 4: word "client.stage.a": meaning: say what it is',
    HEAD + '[words."client.stage"]\na = { label = "b", mening = "new" }\n': 'line 4: "mening".*Did you mean "meaning"',
    HEAD + '[words."client.stage"]\na = { meaning = "new" }\n': "needs a word that means won",
    HEAD + "tags = 3\n": 'line 3: "tags" must be a heading',
    HEAD + "[tags]\nvip = 3\n": 'line 4: "vip" must be a text in quotes that says',
}


@pytest.mark.parametrize("text", MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_place_and_nothing_is_half_applied(
    sqlite_location: str, open_at: Any, tmp_path: Path, text: str
) -> None:
    workspace, ana = open_at(sqlite_location), Actor(1, "ana", "admin")
    before = business.present()
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(Exception, match=MISTAKES[text]) as told:
        templates.apply(workspace, ana, templates.find(str(file)))
    assert "Traceback" not in str(told.value) and business.present() == before and vocabulary == {}


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        templates.find(str(tmp_path / "x.toml"))
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        templates.find(str(tmp_path) + "/")
    (tmp_path / "b.toml").write_bytes(b'title = "x"\n\xff\xfe')
    with pytest.raises(BadInput, match=r"b\.toml, line 2: this is not UTF-8"):
        templates.find(str(tmp_path / "b.toml"))
    (tmp_path / "c.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadInput, match="too large"):
        templates.find(str(tmp_path / "c.toml"))
