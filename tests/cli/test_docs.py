"""The generated references hold every command, key and verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import docs
from crm_tui.commands.registry import registry
from crm_tui.verbs.arguments import VERBS


def test_every_command_and_verb_is_documented() -> None:
    keys, commands = docs.keys_page(), docs.commands_page()
    for one in registry.all():
        assert f"`{one.id}`" in keys or f"`*.{one.id.partition('.')[2]}`" in keys, one.id
        assert one.help and one.help in keys.replace("\\|", "|"), f"{one.id} has no help"
    for name in VERBS:
        assert f"\n## {name}\n" in commands


def test_stale_pages_are_told_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "FOLDER", tmp_path / "docs")
    assert docs.main(["--check"]) == 1
    assert "make docs" in capsys.readouterr().err
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    (tmp_path / "docs" / "keys.md").write_text("old")
    assert docs.main(["--check"]) == 1
