"""The outbox: a message goes out once, by a real server, whatever the server does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.mail import smtp
from crm_tui.mail.postman import claim, note
from crm_tui.mail.state import state, trial
from crm_tui.mail.waiting import CLAIM, RETRIES, next_due
from crm_tui.models.base import entities
from crm_tui.models.outbox import Message, OutboxState
from crm_tui.scope import Actor
from crm_tui.services import mail_settings, outbox, records
from crm_tui.undo import undo
from crm_tui.worker import service
from tests import business
from tests.conftest import NOW
from tests.mail import server as servers
from tests.mail.conftest import name_server
from tests.mail.server import MailServer


def message(workspace: Workspace, actor: Actor, **typed: Any) -> int:
    given = {"to": "maria@example.org", "subject": "Hello", "body": "How are you?"}
    return business.add(workspace, actor, "message", **given | typed)


def send(workspace: Workspace) -> list[str]:
    said: list[str] = []
    service.run_once(workspace, said.append)
    return said


def status(record: int) -> tuple[str, str]:
    held = business.held("message", record)
    return held["status"], held["problem"]


def test_a_message_goes_out_and_becomes_a_conversation(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    client = business.client(workspace, ana, "ACME Studio", email="office@acme.example.org")
    person = business.contact(workspace, ana, client, "Maria Anders", email="maria@acme.example.org")
    record = message(
        workspace, ana, to="", client=f"#{client}", contact=f"#{person}", subject="Grüße", body="Ihr Auftrag\nist da."
    )
    assert send(workspace) == ['send "Grüße" to maria@acme.example.org']
    (to, mail), = post.received  # fmt: skip
    assert to == "maria@acme.example.org"
    assert (mail["From"], mail["Subject"]) == ("Agency <office@example.com>", "Grüße")
    assert mail.get_content() == "Ihr Auftrag\r\nist da.\r\n"
    assert len(uid := Message.get_by_id(record).message_id) > 30
    assert mail["Message-ID"] == f"<{uid}@crm-tui.invalid>"
    assert mail["Date"].datetime.replace(tzinfo=None) == NOW.replace(microsecond=0)
    assert status(record) == ("sent", "")
    (said,) = business.rows("interaction")
    assert (said["channel"], said["direction"], said["subject"]) == ("email", "out", "Grüße")
    assert (said["client"], said["contact"], said["operator"]) == (client, person, ana.operator_id)
    assert business.held("client", client)["last_contact"] == NOW
    assert send(workspace) == []
    assert len(post.received) == 1


def test_what_was_sent_stays_as_it_was(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    record = message(workspace, ana)
    queued = business.last_operation_id()
    send(workspace)
    with pytest.raises(CrmError, match="It was sent"):
        business.save(workspace, ana, "message", record, body="Something else")
    with pytest.raises(CrmError, match="was changed"):
        undo(workspace, ana, queued)
    assert status(record) == ("sent", "")


def test_what_is_undone_before_it_went_is_not_sent(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    message(workspace, ana)
    undo(workspace, ana)
    message(workspace, ana, subject="Draft", status="draft")
    record = message(workspace, ana, subject="Cancelled")
    business.save(workspace, ana, "message", record, status="cancelled")
    assert send(workspace) == []
    assert post.received == []


@pytest.mark.parametrize("how", [servers.GREYLIST, servers.BUSY, servers.DROP_BEFORE, servers.DROP_AFTER])
def test_what_was_not_taken_is_tried_again_with_the_same_id(
    workspace: Workspace, ana: Actor, post: MailServer, how: str
) -> None:
    behaviour = iter([how, servers.OK])
    post.behave = lambda: next(behaviour)
    record = message(workspace, ana)
    assert send(workspace) == []
    assert status(record)[0] == "queued"
    assert status(record)[1].startswith("the mail server ")
    assert next_due(workspace) == NOW + RETRIES[0]
    with clock.use(NOW + RETRIES[0]):
        assert send(workspace) == ['send "Hello" to maria@example.org']
    assert status(record) == ("sent", "")
    assert len(set(post.ids())) == 1
    assert post.ids() != ["None"]
    assert len(post.received) == (2 if how == servers.DROP_AFTER else 1)
    assert entities["interaction"].model.select().count() == 0  # it concerns no client


@pytest.mark.parametrize(("how", "reason"), [
    (servers.NOBODY, "the mail server says: 550 5.1.1 there is no such person here"),
    (servers.REJECT, "the mail server says: 554 5.7.1 this looks like spam"),
])  # fmt: skip
def test_what_is_refused_is_told_to_whom_it_was_from(
    workspace: Workspace, ana: Actor, post: MailServer, how: str, reason: str
) -> None:
    post.behave = lambda: how
    record = message(workspace, ana)
    send(workspace)
    assert status(record) == ("failed", reason)
    (told,) = business.rows("notification")
    assert (told["operator"], told["reason"], told["about"], told["record"]) == (
        ana.operator_id, "failure", "message", record)  # fmt: skip
    assert told["text"] == f'"Hello" could not be sent to maria@example.org: {reason}'
    post.behave = lambda: servers.OK
    business.save(workspace, ana, "message", record, subject="Hello again")  # put right first, sent again after
    assert status(record) == ("failed", reason)
    with pytest.raises(CrmError, match="found out by sending"):
        message(workspace, ana, status="failed")
    business.save(workspace, ana, "message", record, status="queued")
    send(workspace)
    assert status(record) == ("sent", "")


def test_after_days_it_is_given_up(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    post.behave = lambda: servers.GREYLIST
    record = message(workspace, ana)
    moment, tries = NOW, 0
    while status(record)[0] == "queued":
        with clock.use(moment):
            send(workspace)
            tries += 1
            moment = next_due(workspace) or moment
    assert tries == len(RETRIES) + 1
    assert timedelta(days=4) < moment - NOW < timedelta(days=5)
    assert status(record)[0] == "failed"
    business.save(workspace, ana, "message", record, status="queued")
    send(workspace)
    assert status(record)[0] == "queued"
    assert next_due(workspace) == NOW + RETRIES[0]


def test_a_server_that_is_down_costs_no_message_a_try(workspace: Workspace, ana: Actor) -> None:
    with MailServer() as gone:
        name_server(workspace, ana, gone.port)
    record = message(workspace, ana)
    assert send(workspace) == []
    assert "cannot be reached" in OutboxState.get().problem
    assert "cannot be reached" in state(workspace).reason
    assert Message.get_by_id(record).tries == 0
    (told,) = business.rows("notification")
    assert told["text"].startswith("No mail goes out: the mail server 127.0.0.1")
    with MailServer() as other:
        settings: Any = entities["setting"].model
        held = settings.get(settings.key == "mail.server")
        business.save(workspace, ana, "setting", held.id, value=f"127.0.0.1:{other.port}")
        assert send(workspace) == ['send "Hello" to maria@example.org']
        assert other.subjects() == ["Hello"]
    assert state(workspace).reason == ""


def test_a_server_asks_for_a_password(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    record = message(workspace, ana)
    with MailServer(password="s3cret") as asking:
        name_server(workspace, ana, asking.port)
        business.add(workspace, ana, "setting", key="mail.user", value="office")
        assert "there is no password" in state(workspace).reason
        assert send(workspace) == []
        assert next_due(workspace) is None  # whoever has the password sends it
        file = tmp_path / "password"
        file.write_text("s3cret\n")
        file.chmod(0o644)
        monkeypatch.setenv(mail_settings.PASSWORD_FILE, str(file))
        assert "others can read the password" in state(workspace).reason
        file.chmod(0o600)
        assert state(workspace).reason == ""
        monkeypatch.setenv(mail_settings.PASSWORD, "wrong")
        send(workspace)
        assert "refuses the user office or the password" in state(workspace).reason
        monkeypatch.delenv(mail_settings.PASSWORD)
        with clock.use(NOW + timedelta(minutes=1)):
            send(workspace)
        assert asking.subjects() == ["Hello"]
    assert status(record) == ("sent", "")


def test_a_copy_sends_nothing_until_somebody_says_so(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    with workspace.write():
        OutboxState.update(place="/somewhere/else.db:7").execute()
    message(workspace, ana)
    assert send(workspace) == []
    found = state(workspace)
    assert (found.held, found.waiting) == (True, 1)
    assert "copied, moved or restored" in found.reason
    assert outbox.release(workspace, ana) == 1
    assert send(workspace) == ['send "Hello" to maria@example.org']


def test_who_took_a_message_and_died_keeps_it_for_a_while(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    record = message(workspace, ana)
    (taken,) = claim(workspace, "gone", 20)
    assert claim(workspace, "other", 20) == []
    assert next_due(workspace) == NOW + CLAIM + timedelta(milliseconds=1)
    with pytest.raises(CrmError, match="It is being sent"):
        business.save(workspace, ana, "message", record, status="cancelled")
    with clock.use(NOW + CLAIM + timedelta(seconds=1)):
        assert send(workspace) == ['send "Hello" to maria@example.org']
        assert note(workspace, "gone", smtp.Outcome(taken.id, smtp.SENT)) == ""  # it comes back and says it did, too
    with clock.use(NOW - timedelta(days=400)):  # a clock that was wrong stops nothing
        message(workspace, ana, subject="Again")
        claim(workspace, "gone", 20)
    assert send(workspace) == ['send "Again" to maria@example.org']


def test_whoever_wants_none_by_now_gets_none(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    client = business.client(workspace, ana, email="office@acme.example.org")
    person = business.contact(workspace, ana, client, email="maria@acme.example.org")
    record = message(workspace, ana, to="", contact=f"#{person}")
    business.save(workspace, ana, "contact", person, do_not_contact="yes")
    send(workspace)
    assert status(record) == ("failed", "Maria Anders wants no contact")
    with pytest.raises(CrmError, match="wants no contact"):
        message(workspace, ana, to="", contact=f"#{person}")
    assert post.received == []


@pytest.mark.parametrize(("key", "value"), [
    ("mail.server", "smtp example com"), ("mail.server", "smtp.example.com:99999"), ("mail.security", "ssl3"),
    ("mail.from", "Agency"), ("mail.from", "a@example.com, b@example.com"), ("mail.from", ""),
])  # fmt: skip
def test_settings_of_mail_are_what_they_must_be(workspace: Workspace, ana: Actor, key: str, value: str) -> None:
    with pytest.raises(CrmError):
        business.add(workspace, ana, "setting", key=key, value=value)


def test_many_go_over_one_connection_and_in_order(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    for number in range(45):
        message(workspace, ana, subject=f"Number {number}")
    assert len(send(workspace)) == 45
    assert post.subjects() == [f"Number {number}" for number in range(45)]


def test_an_operator_may_send_themselves_a_trial(workspace: Workspace, ana: Actor, post: MailServer) -> None:
    with pytest.raises(CrmError, match="no e-mail address"):
        trial(ana)
    business.save(workspace, ana, "operator", ana.operator_id, email="ana@example.com")
    assert trial(ana).send() == "Sent to ana@example.com; 127.0.0.1 took it."
    assert post.subjects() == ["Mail from crm-tui works"]
    post.behave = lambda: servers.NOBODY
    with pytest.raises(CrmError, match="no such person"):
        trial(ana).send()


def test_what_has_no_address_or_text_is_not_queued(workspace: Workspace, ana: Actor) -> None:
    for missing in ("to", "subject", "body"):
        with pytest.raises(CrmError):
            message(workspace, ana, **{missing: ""})
        message(workspace, ana, status="draft", **{missing: ""})
    with pytest.raises(CrmError, match="not an e-mail address"):
        message(workspace, ana, to="maria@example.org, eve@example.org")


def test_those_of_no_client_are_their_operators_own(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    from crm_tui import scope

    record = message(workspace, ana)
    held = business.held("message", record)
    assert scope.sees(ana, entities["message"], held)
    assert not scope.sees(bo, entities["message"], held)
    assert records.title_of(entities["message"], held) == "Hello"
