"""What screens looked like when they were left: kept, and forgotten without harm."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from crm_tui import memory
from crm_tui.config import state_folder

SCREENS = {"clients": {"query": "stage:active", "columns": ["name", "city"]}}


def test_it_is_kept_for_each_operator_and_workspace() -> None:
    memory.remember("/srv/acme.db", "ana", SCREENS)
    assert memory.recall("/srv/acme.db", "ana") == SCREENS
    assert memory.recall("/srv/acme.db", "bo") == memory.recall("/srv/other.db", "ana") == {}


def test_a_password_is_no_part_of_a_workspace() -> None:
    memory.remember("postgresql://ana:old@host/crm", "ana", SCREENS)
    assert memory.recall("postgresql://ana:new@host/crm", "ana") == SCREENS
    assert memory.recall("postgresql://ana:new@other/crm", "ana") == {}


def test_nobody_else_reads_it() -> None:
    memory.remember("/srv/acme.db", "../../ana/\0", SCREENS)
    (file,) = (state_folder() / "screens").iterdir()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert memory.recall("/srv/acme.db", "../../ana/\0") == SCREENS


DEEP = b'{"a": ' * 50_000


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"clients": 3}', b"\xff\xfe", b"null", pytest.param(DEEP, id="deep")]
)
def test_what_cannot_be_read_is_forgotten(content: bytes) -> None:
    memory.remember("/srv/acme.db", "ana", SCREENS)
    (file,) = (state_folder() / "screens").iterdir()
    file.write_bytes(content)
    assert memory.recall("/srv/acme.db", "ana") == {}


def test_no_room_to_keep_it_is_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    memory.remember("/srv/acme.db", "ana", SCREENS)
    assert memory.recall("/srv/acme.db", "ana") == {}
