"""The log: private, rotating, without secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui import logs


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    logger = logging.getLogger(logs.NAME)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("postgresql://ana:s3cret@host:5432/crm?sslmode=require", "postgresql://ana:***@host:5432/crm?sslmode=require"),
        ("postgresql://ana:p@ss/w:rd@host/crm", "postgresql://ana:***@host/crm"),
        (
            "postgresql://host/crm?user=ana&password=s3cret&sslmode=require",
            "postgresql://host/crm?user=ana&password=***&sslmode=require",
        ),
        ("connect(password='s 3 cret', user='ana')", "connect(password=***, user='ana')"),
        ('{"api_key": "abc", "name": "ACME"}', '{"api_key": ***, "name": "ACME"}'),
        ("smtp_password = abc\nnext", "smtp_password = ***\nnext"),
        (
            "https://example.com/a:b@c is no address with a password",
            "https://example.com/a:b@c is no address with a password",
        ),
        ("the tokens of the text", "the tokens of the text"),
    ],
)
def test_passwords_are_left_out(text: str, kept: str) -> None:
    assert logs.without_secrets(text) == kept


def test_the_log_is_private_and_begun_anew_when_it_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 2000)
    logger = logs.start()
    assert logs.start() is logger
    assert len(logger.handlers) == 1
    for number in range(200):
        logger.info("line %s password=%s", number, "hidden")
    files = sorted(logs.log_file().parent.glob("crm-tui.log*"))
    assert [file.name for file in files] == [
        "crm-tui.log",
        *(f"crm-tui.log.{number}" for number in range(1, logs.KEPT + 1)),
    ]
    assert "line 199" in files[0].read_text()
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert not any("hidden" in file.read_text() for file in files)
    assert logs.log_file().parent.stat().st_mode & 0o777 == 0o700


def test_another_state_folder_gets_a_log_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs.start().info("here")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    logs.start().info("there")
    assert "there" in (tmp_path / "other" / "crm-tui" / "crm-tui.log").read_text()
