"""What the operator configured; a mistake in it is named, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import clock, config
from crm_tui.errors import BadInput


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def mistake(file: Path) -> str:
    with pytest.raises(BadInput) as told:
        config.load(file)
    assert str(file) in str(told.value)
    return str(told.value).replace(str(file), "FILE")


def test_without_a_file_everything_is_at_its_default(file: Path) -> None:
    assert config.load(file) == config.Config()


def test_what_is_written_is_used(file: Path) -> None:
    lines = ('\ufeffworkspace = "~/acme.db"', 'theme = "mono"', "ascii = true", 'zone = "Europe/Lisbon"', "[keys]")
    file.write_text("\r\n".join((*lines, '"client.add" = "n"', "")))
    loaded = config.load(file)
    assert (loaded.workspace, loaded.theme, loaded.ascii) == ("~/acme.db", "mono", True)
    assert loaded.keys == {"client.add": "n"}
    assert str(clock.local(clock.now()).tzinfo) == "Europe/Lisbon"


UNKNOWN_THEME = 'There is no theme "drak" (in FILE); there are dark, light, terminal, mono. Did you mean "dark"?'
UNKNOWN_ZONE = '"Europe/Lisboa" (in FILE) is not a time zone; write it like Europe/Lisbon. Did you mean "Europe/Lisbon"'
NO_TOML = "The configuration FILE is not valid TOML: Invalid value"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('thme = "dark"', 'The configuration FILE has an unknown key "thme". Did you mean "theme"?'),
        ("theme = dark", f"{NO_TOML} (at line 1, column 9)."),
        ('theme = "dark"\nascii = tru', f"{NO_TOML} (at line 2, column 9)."),
        ('theme = "drak"', UNKNOWN_THEME),
        ('zone = "Europe/Lisboa"', UNKNOWN_ZONE),
        ("theme = 3", "theme in FILE must be a text in quotes."),
        ("ascii = 1", "ascii in FILE must be true or false."),
        ('keys = "n"', "keys in FILE must be a table."),
        ('"\\u001b[2J" = 1', 'The configuration FILE has an unknown key "[2J".'),
    ],
)
def test_a_mistake_is_named_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    assert mistake(file).startswith(said)


def test_what_is_no_text_is_said_plainly(file: Path) -> None:
    file.write_bytes(b'theme = "dark"\noperator = "\xff"\n')
    assert mistake(file) == "The configuration FILE is not UTF-8 text (in line 2)."
    file.write_text("a = " + "[" * 50_000)
    assert "FILE is not valid TOML" in mistake(file)
    file.write_bytes(b"#" * (config.LARGEST + 1))
    assert mistake(file) == "The configuration FILE is too large to be one."


def test_what_cannot_be_read_is_said_plainly(tmp_path: Path) -> None:
    assert mistake(tmp_path) == "The configuration FILE cannot be read: Is a directory."


def test_folders_are_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert config.data_folder() == tmp_path / "crm-tui"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/ones/do/not/count")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert config.data_folder() == tmp_path / "home" / ".local/share" / "crm-tui"
    monkeypatch.setenv("CRM_TUI_CONFIG", str(tmp_path / "mine.toml"))
    assert config.config_file() == tmp_path / "mine.toml"
