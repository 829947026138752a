"""Finding the record that a text means."""

from __future__ import annotations

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.references import find_many, find_reference, is_there
from tests import business

CLIENT = entities["client"]


def refusal(actor: Actor, text: str, by: str = "") -> str:
    with pytest.raises(ValueError) as told:
        find_reference(actor, CLIENT, text, by=by)
    return str(told.value)


def test_an_id_comes_before_a_name(workspace: Workspace, ana: Actor) -> None:
    one = business.client(workspace, ana, "One")
    two = business.client(workspace, ana, str(one))
    assert find_reference(ana, CLIENT, str(one)) == find_reference(ana, CLIENT, f" #{one} ") == one
    assert find_reference(ana, CLIENT, str(one), by="name") == two
    three = business.client(workspace, ana, "4711")
    assert find_reference(ana, CLIENT, "4711") == three


def test_what_is_sure_comes_before_what_is_likely(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, "X1")
    exact = business.client(workspace, ana, "Other", external_id="x1")
    assert find_reference(ana, CLIENT, "X1") == exact


def test_case_and_accents_do_not_count(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "Königlich Essen", email="Info@Koenig.example")
    for text in ("koniglich essen", "KÖNIGLICH ESSEN", "Ko\u0308niglich Essen", "info@koenig.EXAMPLE"):
        assert find_reference(ana, CLIENT, text) == record


def test_several_are_told_with_their_ids(workspace: Workspace, ana: Actor) -> None:
    ids = [business.client(workspace, ana, "ACME") for _n in range(7)]
    listed = ", ".join(f"#{record}" for record in ids[:5])
    assert refusal(ana, "acme") == f'several clients have the name "acme": {listed}; name one by its id'


def test_none_names_the_nearest(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, "Königlich Essen")
    assert refusal(ana, "Koniglich Esen") == 'there is no client "Koniglich Esen". Did you mean "Königlich Essen"?'
    assert refusal(ana, "#99") == 'there is no client "#99".'
    for text in ("9" * 30, "²", "\x1b[2J", "x" * 100_000):
        assert refusal(ana, text).startswith("there is no client ")


def test_archived_ones_do_not_count(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "ACME")
    records.archive_many(workspace, ana, CLIENT, [record])
    assert refusal(ana, "ACME").startswith("there is no client")
    assert refusal(ana, str(record)).startswith("there is no client")
    assert not is_there(ana, CLIENT, record)


def test_somebody_elses_private_view_is_not_found(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    view = entities["saved_view"]
    mine = business.add(workspace, ana, "saved_view", name="Mine", screen="clients")
    ours = business.add(workspace, ana, "saved_view", name="Ours", screen="clients", shared="yes")
    assert find_reference(ana, view, "mine") == mine
    assert find_reference(bo, view, "ours") == ours
    for text in ("mine", str(mine)):
        with pytest.raises(ValueError, match="there is no saved view"):
            find_reference(bo, view, text)


def test_many_at_once(workspace: Workspace, ana: Actor) -> None:
    ids = [business.client(workspace, ana, f"Client {number % 3}", external_id=f"C{number}") for number in range(6)]
    assert find_many(ana, CLIENT, "external_id", ["c1", "C5", "nope", ""]) == {"c1": [ids[1]], "c5": [ids[5]]}
    assert find_many(ana, CLIENT, "name", ["CLIENT 0"]) == {"client 0": [ids[0], ids[3]]}
    assert find_many(ana, CLIENT, "name", [f"nobody {number}" for number in range(3000)]) == {}


def test_only_texts_name_records(workspace: Workspace, ana: Actor) -> None:
    for name in ("score", "acquired_on", "stage", "tags", "owner"):
        with pytest.raises(BadInput, match="Clients cannot be found by their .*; by external_id, name, email they can"):
            find_reference(ana, CLIENT, "x", by=name)
    with pytest.raises(BadInput, match="have no field nme"):
        find_reference(ana, CLIENT, "x", by="nme")
