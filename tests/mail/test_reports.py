"""Reports that go out again and again: received whole by a real server, once, by everybody who is to have them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.models.talk import Notification
from crm_tui.scope import Actor
from crm_tui.worker import service
from tests import business
from tests.conftest import NOW
from tests.mail.server import MailServer


def _due(workspace: Workspace, weeks: int = 1) -> list[str]:
    said: list[str] = []
    with clock.use(NOW + timedelta(weeks=weeks)):
        service.run_once(workspace, said.append)
    return said


def _orders(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana, "Störtebeker & Söhne")
    for day, price in (("2026-11-17", "1200"), ("2026-11-19", "34.50"), ("2026-11-10", "99")):
        order = business.add(workspace, ana, "order", client=f"#{client}", ordered_on=day)
        business.add(workspace, ana, "order_line", order=f"#{order}", title="Work", quantity="1", unit_price=price)


def test_every_monday_the_owners_get_last_week(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    _orders(workspace, ana)
    business.save(workspace, ana, "operator", ana.operator_id, email="ana@example.org")
    bo = business.add(workspace, ana, "operator", login="bo", email="bo@example.org", role="manager")
    team = business.add(workspace, ana, "team", name="Owners")
    for member in (ana.operator_id, bo):
        business.add(workspace, ana, "membership", operator=f"#{member}", team=f"#{team}")
    business.add(
        workspace, ana, "recurring_rule", name="Monday figures", schedule="every monday at 8:00", makes="report",
        dashboard="sales", period="last-week", team="Owners",
    )  # fmt: skip
    said = _due(workspace)
    assert "report to 2 people" in "\n".join(said)
    assert sorted(mail["To"] for _id, mail in post.received) == ["ana@example.org", "bo@example.org"]
    for _id, mail in post.received:
        text = mail.get_content()
        assert mail["Subject"] == "Sales, week of 16 Nov 2026"
        assert "€1,234.50  ▲ 1,147 %" in text
        assert "Störtebeker & Söhne" in text
        assert max(map(len, text.splitlines())) <= 78  # noqa: PLR2004  # nothing is broken on its way
    assert not _due(workspace)  # once
    assert len(post.received) == 2  # noqa: PLR2004


def test_one_person_without_an_address_is_said_and_the_rule_rests(workspace: Workspace, ana: Actor) -> None:
    rule = business.add(workspace, ana, "recurring_rule", name="Figures", schedule="every monday", makes="report")
    assert not _due(workspace)
    assert business.held("recurring_rule", rule)["paused"]
    assert any("e-mail address" in told.text for told in Notification.select())


def test_a_dashboard_or_time_that_there_is_not_is_refused(workspace: Workspace, ana: Actor) -> None:
    for wrong in ({"dashboard": "finance"}, {"period": "whenever"}):
        with pytest.raises(InvalidRecord, match=next(iter(wrong.values()))):
            business.add(workspace, ana, "recurring_rule", name="F", schedule="every monday", makes="report", **wrong)
