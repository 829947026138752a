"""What was typed and not saved survives: crashes, full disks, damaged files, and other sessions of the same account."""

from __future__ import annotations

import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm_tui import clock, drafts
from crm_tui.config import state_folder
from tests.conftest import NOW

TYPED = {"name": "ACME \U0001f600 [b]", "notes": 'one\ntwo\t\\ "q" é'}

OTHER_SESSION = """
import sys
from crm_tui import drafts
assert drafts.keep("acme.db", "client", None, None, {"name": sys.argv[1]})
print("kept", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_session(name: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that keeps a draft of a new client and goes on working."""
    command = [sys.executable, "-c", OTHER_SESSION, name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline() == "kept\n"
        yield process
        process.kill()


def files() -> list[Path]:
    return sorted((state_folder() / "drafts").glob("*.json"))


def test_a_draft_comes_back_as_it_was_kept() -> None:
    assert drafts.keep("acme.db", "client", 7, 3, TYPED)
    assert drafts.find("acme.db", "client", 7) == drafts.Draft("client", 7, 3, TYPED, NOW)


def test_the_newest_of_a_session_replaces_the_one_before() -> None:
    drafts.keep("acme.db", "client", 7, 3, {"city": "Por"})
    drafts.keep("acme.db", "client", 7, 3, {"city": "Porto"})
    found = drafts.find("acme.db", "client", 7)
    assert found is not None and found.typed == {"city": "Porto"}
    assert len(files()) == 1


def test_drafts_of_other_records_entities_and_workspaces_are_others() -> None:
    drafts.keep("acme.db", "client", 7, 3, TYPED)
    for place in [
        ("acme.db", "client", None),
        ("acme.db", "client", 77),
        ("acme.db", "contact", 7),
        ("b.db", "client", 7),
    ]:
        assert drafts.find(*place) is None


def test_a_draft_that_is_dropped_is_gone() -> None:
    drafts.keep("acme.db", "client", None, None, TYPED)
    assert drafts.drop("acme.db", "client", None)
    assert drafts.find("acme.db", "client", None) is None
    assert drafts.drop("acme.db", "client", None)


def test_drafts_are_listed_newest_first() -> None:
    drafts.keep("acme.db", "client", 1, 1, TYPED)
    with clock.use(NOW + timedelta(minutes=1)):
        drafts.keep("acme.db", "contact", None, None, TYPED)
    drafts.keep("b.db", "client", 1, 1, TYPED)
    assert [(draft.entity, draft.record) for draft in drafts.all("acme.db")] == [("contact", None), ("client", 1)]


def test_only_the_operator_reads_them_and_no_password_is_in_them() -> None:
    drafts.keep("postgresql://ana:s3cret@db/acme", "client", None, None, TYPED)
    (path,) = files()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "s3cret" not in path.name + path.read_text()
    assert not list(path.parent.glob("*.part"))


def test_a_draft_older_than_its_record_says_so() -> None:
    draft = drafts.Draft("client", 7, 3, TYPED, NOW)
    assert not draft.is_outdated(3) and draft.warning(3) == ""
    assert draft.is_outdated(5)
    assert "it was at version 3 and is at 5" in draft.warning(5)
    assert not drafts.Draft("client", None, None, TYPED, NOW).is_outdated(None)


WRONG = [
    b"",
    b"{",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'{"format": 2}',
    b"[" * 100_000,
    b'{"format": 1, "entity": "client", "record": 7, "version": 1, "typed": {"a": 1}, "kept_at": "2026-11-22"}',
    b'{"format": 1, "entity": "client", "record": 7, "version": 1, "typed": {"a": "b"}, "kept_at": "yesterday"}',
]


@pytest.mark.parametrize("damage", WRONG)
def test_a_damaged_file_is_set_aside(damage: bytes) -> None:
    drafts.keep("acme.db", "client", 7, 3, TYPED)
    (path,) = files()
    path.write_bytes(damage)
    assert drafts.find("acme.db", "client", 7) is None
    assert [aside.read_bytes() for aside in path.parent.glob("*.broken")] == [damage]
    assert drafts.all("acme.db") == []
    assert drafts.keep("acme.db", "client", 7, 3, TYPED)
    assert drafts.find("acme.db", "client", 7) is not None


def test_a_full_disk_is_told_and_the_draft_before_stays() -> None:
    drafts.keep("acme.db", "client", 7, 3, {"city": "Porto"})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        kept = drafts.keep("acme.db", "client", 7, 3, {"city": "Porto" * 100})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert kept is False
    found = drafts.find("acme.db", "client", 7)
    assert found is not None and found.typed == {"city": "Porto"}
    assert len(list((state_folder() / "drafts").glob("*.part"))) == 0


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert drafts.keep("acme.db", "client", 7, 3, TYPED) is False
    assert drafts.find("acme.db", "client", 7) is None
    assert drafts.drop("acme.db", "client", 7) is False
    assert drafts.all("acme.db") == []


def test_the_draft_of_a_session_at_work_is_its_own_until_that_ends() -> None:
    with other_session("typed next door"):
        assert drafts.find("acme.db", "client", None) is None
        assert drafts.all("acme.db") == []
        drafts.keep("acme.db", "client", None, None, {"name": "typed here"})
        drafts.drop("acme.db", "client", None)
        assert len(files()) == 1
    found = drafts.find("acme.db", "client", None)
    assert found is not None and found.typed == {"name": "typed next door"}


def test_a_draft_left_by_a_killed_session_is_taken_over_once() -> None:
    with other_session("first"), clock.use(datetime(2026, 11, 22, 15)), other_session("second"):
        pass
    found = drafts.find("acme.db", "client", None)
    assert found is not None and found.typed["name"] in ("first", "second")
    drafts.drop("acme.db", "client", None)
    other = drafts.find("acme.db", "client", None)
    assert other is not None and {found.typed["name"], other.typed["name"]} == {"first", "second"}
    drafts.drop("acme.db", "client", None)
    assert drafts.find("acme.db", "client", None) is None
    assert len(list((state_folder() / "drafts").glob("session-*.lock"))) <= 1


def test_this_session_is_offered_its_own_draft_first() -> None:
    with other_session("left behind"):
        pass
    drafts.keep("acme.db", "client", None, None, {"name": "mine"})
    found = drafts.find("acme.db", "client", None)
    assert found is not None and found.typed == {"name": "mine"}
