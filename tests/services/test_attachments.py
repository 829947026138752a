"""Files attached to records: taken in whole or not at all, given out again as they were."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_tui import file_store
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, InvalidRecord, NotAllowed, NotFound, StorageFailed
from crm_tui.models.base import entities
from crm_tui.queries import details, timeline
from crm_tui.scope import Actor
from crm_tui.services import attachments, records
from crm_tui.undo import redo, undo
from tests import business

CONTENT = bytes(range(256)) * 2500
"""More than two pieces, the last of them not whole, and every byte there is."""


@pytest.fixture
def acme(workspace: Workspace, ana: Actor) -> int:
    return business.client(workspace, ana)


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    path = tmp_path / "Offer ä.pdf"
    path.write_bytes(CONTENT)
    return path


def attach(workspace: Workspace, actor: Actor, client: int, file: Path, name: str = "") -> int:
    return attachments.attach(workspace, actor, entities["client"], client, file, name)


def content(workspace: Workspace, attachment: int) -> bytes:
    return b"".join(file_store.read(workspace, business.held("attachment", attachment)["stored"]))


def test_a_file_comes_out_as_it_went_in(
    workspace: Workspace, ana: Actor, bo: Actor, acme: int, offer: Path, tmp_path: Path
) -> None:
    made = attach(workspace, bo, acme, offer)
    offer.unlink()
    assert content(workspace, made) == CONTENT
    held = business.held("attachment", made)
    assert (held["name"], held["size"], held["author"]) == ("Offer ä.pdf", len(CONTENT), bo.operator_id)
    found = details.detail(ana, entities["client"], acme)
    assert [row.cells[:3] for row in found.files] == [("Offer ä.pdf", "640,000", "bo")]
    assert timeline.journal(ana, entities["client"], acme)[0].text() == "attached Offer ä.pdf"
    file_store.save_copy(workspace, held["stored"], tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT
    assert business.replayed() == business.present()


def test_an_empty_file_is_a_file(workspace: Workspace, ana: Actor, acme: int, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert content(workspace, attach(workspace, ana, acme, tmp_path / "empty")) == b""


def test_undo_takes_it_away_and_redo_brings_it_back(workspace: Workspace, ana: Actor, acme: int, offer: Path) -> None:
    made = attach(workspace, ana, acme, offer)
    assert undo(workspace, ana) == "undid: attach Offer ä.pdf to client ACME Studio"
    assert not business.exists("attachment", made)
    redo(workspace, ana)
    assert content(workspace, made) == CONTENT


def test_a_client_with_files_is_not_undone(workspace: Workspace, ana: Actor, bo: Actor, offer: Path) -> None:
    mine = business.client(workspace, bo)
    attach(workspace, ana, mine, offer)
    with pytest.raises(CrmError, match="something made since belongs to its record"):
        undo(workspace, bo)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x", "x"),
        ("..\\..\\x.txt", "x.txt"),
        ("/etc/passwd", "passwd"),
        ("a\x1b]0;title\x07\nb\u202etxt.exe", "a]0;title btxt.exe"),
        ("..", "file"),
        (".profile", "profile"),
        ("dir/", "dir"),
        ("  ", "file"),
        ("long" * 100 + ".pdf", ("long" * 49) + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, shown: str) -> None:
    assert attachments.clean_name(name) == shown
    assert attachments.clean_name(shown) == shown


def test_only_its_name_may_be_changed_and_is_cleaned_too(
    workspace: Workspace, ana: Actor, acme: int, offer: Path
) -> None:
    made = attach(workspace, ana, acme, offer, "../../offer.pdf")
    assert business.held("attachment", made)["name"] == "offer.pdf"
    business.save(workspace, ana, "attachment", made, name="../Offer 2.pdf")
    assert business.held("attachment", made)["name"] == "Offer 2.pdf"
    for typed in ({"stored": "../workspace.db"}, {"size": "1"}, {"about": "contact"}):
        with pytest.raises(InvalidRecord, match="it stays what and where it was"):
            business.save(workspace, ana, "attachment", made, **typed)
    with pytest.raises(InvalidRecord, match="attached by crm-tui attach"):
        made_up: dict[str, Any] = {"about": "client", "record": acme, "name": "x", "stored": "../x"}
        records.add(workspace, ana, entities["attachment"], made_up)


def test_what_cannot_be_attached_leaves_nothing(
    workspace: Workspace, ana: Actor, acme: int, offer: Path, tmp_path: Path
) -> None:
    business.add(workspace, ana, "setting", key="attachment_limit_mb", value="1")
    large = tmp_path / "large.bin"
    large.write_bytes(b"x" * 1_000_001)
    os.mkfifo(tmp_path / "pipe")
    kept, before = file_store.kept(workspace), business.present()
    refused: list[tuple[Callable[[], Any], type[CrmError], str]] = [
        (lambda: attach(workspace, ana, acme, large), BadInput, r'"large.bin" is too large: 2 of at most 1 MB'),
        (lambda: attach(workspace, ana, acme, tmp_path), BadInput, "is a folder; name a file"),
        (lambda: attach(workspace, ana, acme, tmp_path / "none"), BadInput, "There is no file"),
        (lambda: attach(workspace, ana, acme, tmp_path / "pipe"), BadInput, "is not a file"),
        (lambda: attach(workspace, ana, acme, tmp_path / ("x" * 300)), BadInput, "cannot be read"),
        (lambda: attach(workspace, ana, 999, offer), NotFound, "no client with the id 999"),
        (lambda: attach(workspace, Actor(1, "vera", "viewer"), acme, offer), NotAllowed, "viewers only read"),
        (
            lambda: attachments.attach(workspace, ana, entities["saved_view"], 1, offer),
            InvalidRecord,
            "saved_view is none of",
        ),
    ]
    for attempt, error, words in refused:
        with pytest.raises(error, match=words):
            attempt()
    assert (file_store.kept(workspace), business.present()) == (kept, before)
    if workspace.path is not None and (folder := file_store.folder_of(workspace.path)).exists():
        assert list(folder.iterdir()) == []


def test_the_limit_is_25_megabytes_unless_a_sensible_one_is_set(workspace: Workspace, ana: Actor) -> None:
    assert attachments.most_bytes() == 25_000_000
    setting = business.add(workspace, ana, "setting", key="attachment_limit_mb", value="much")
    assert attachments.most_bytes() == 25_000_000
    business.save(workspace, ana, "setting", setting, value="40")
    assert attachments.most_bytes() == 40_000_000


def test_contents_that_were_deleted_are_missed_in_plain_words(
    workspace: Workspace, ana: Actor, acme: int, offer: Path, tmp_path: Path
) -> None:
    made = attach(workspace, ana, acme, offer)
    stored = business.held("attachment", made)["stored"]
    if workspace.path is not None:
        (file_store.folder_of(workspace.path) / stored).unlink()
    else:
        with workspace.write():
            workspace.database.execute_sql("DELETE FROM attached_content")
    with pytest.raises(NotFound, match="The contents of this file are gone"):
        file_store.save_copy(workspace, stored, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(("folder_mode", "modes"), [(0o2770, (0o2770, 0o660)), (0o700, (0o700, 0o600))])
def test_files_are_as_private_or_shared_as_the_workspace(
    tmp_path: Path, offer: Path, open_at: Callable[[str], Workspace], folder_mode: int, modes: tuple[int, int]
) -> None:
    from crm_tui.services.operators import sign_in

    place = tmp_path / "team"
    place.mkdir()
    place.chmod(folder_mode)
    workspace = open_at(str(place / "w.db"))
    ana = sign_in(workspace, "ana")
    made = attach(workspace, ana, business.client(workspace, ana), offer)
    folder = place / "w.db.files"
    file = folder / business.held("attachment", made)["stored"]
    assert (folder.stat().st_mode & 0o7777, file.stat().st_mode & 0o7777) == modes


def test_a_folder_that_cannot_be_written_is_said(
    sqlite_location: str, offer: Path, open_at: Callable[[str], Workspace]
) -> None:
    from crm_tui.services.operators import sign_in

    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    client = business.client(workspace, ana)
    file_store.folder_of(sqlite_location).write_text("in the way")
    with pytest.raises(StorageFailed, match="Nothing was saved"):
        attach(workspace, ana, client, offer)
    assert business.last_operation_id() == 2
