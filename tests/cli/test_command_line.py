"""The command line itself: options before and after the verb, exit codes, pipes, terminals, what nobody foresaw."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui import __version__, cli
from crm_tui.verbs import printing, reading
from crm_tui.verbs.arguments import VERBS
from tests.cli.conftest import ROOT, Run
from tests.terminal import Terminal

Process = Callable[..., "subprocess.CompletedProcess[str]"]


def test_shared_options_stand_before_or_after_the_verb(run: Run, sqlite_location: str) -> None:
    for words in (
        ("--workspace", sqlite_location, "list", "operators", "--json"),
        ("list", "--workspace", sqlite_location, "operators", "--json"),
        ("list", "operators", "--json", "-w", sqlite_location),
        (f"--workspace={sqlite_location}", "--json", "--readonly", "list", "operators"),
    ):
        assert [one["login"] for one in run(*words).json] == ["ana"], words


def test_the_workspace_is_named_by_option_then_environment_then_configuration(
    run: Run, sqlite_location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text(f'workspace = "{tmp_path}/configured.db"\n')
    monkeypatch.setenv("CRM_TUI_CONFIG", str(settings))
    assert "configured.db" in run("list", "clients", code=5).err
    monkeypatch.setenv("CRM_TUI_WORKSPACE", sqlite_location)
    assert run("list", "operators", "--json").json
    assert "other.db" in run("list", "operators", "-w", tmp_path / "other.db", code=5).err


def test_your_own_workspace_is_made_without_questions_a_mistyped_one_is_not(run: Run, tmp_path: Path) -> None:
    assert run("list", "clients", "--json").json == []
    assert (tmp_path / "xdg_data_home" / "crm-tui" / "workspace.db").exists()
    assert "no workspace at" in run("list", "clients", "-w", tmp_path / "mistyped.db", code=5).err
    assert not (tmp_path / "mistyped.db").exists()
    assert run("add", "client", "name=ACME", "-w", tmp_path / "new.db").out == "1\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("list",), 2, "ENTITY"),
        (("list", "clients", "--limt", "3"), 2, '"--limit"'),
        (("list", "clients", "--limit", "0"), 2, "whole number"),
        (("list", "clients", "--limit", "many"), 2, "whole number"),
        (("list", "clients", "--format", "yaml"), 2, "yaml"),
        (("lst", "clients"), 2, '"list"'),
        (("clietns",), 2, '"clients"'),
        (("show", "client", "1", "--readnoly"), 2, '"--readonly"'),
        (("undo", "1", "2"), 2, "one word too many"),
        (("import", "clients", "list.csv", "-y"), 2, 'crm-tui import has no option "-y"'),
        (("list", "clients", "--operator", "an"), 5, 'Did you mean "ana"'),
        (("show", "client", "7"), 4, "7"),
        (("completion",), 2, "bash"),
    ],
)
def test_what_is_wrong_is_said_on_stderr_with_its_exit_code(
    lite: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    said = lite(*words, code=code)
    assert said.out == ""
    assert said.err.startswith("crm-tui: ")
    assert says in said.err


def test_a_file_that_is_no_workspace_is_left_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Ana,\n" * 20)
    assert "untouched" in run("list", "clients", "-w", file, code=5).err
    assert run("list", "clients", "-w", tmp_path, code=5).err
    assert file.read_text().startswith("Dear Ana")


def test_a_broken_configuration_stops_what_would_use_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text("thme = 'dark'\n")
    monkeypatch.setenv("CRM_TUI_CONFIG", str(settings))
    assert 'Did you mean "theme"' in run("list", "clients", code=2).err
    run("completion", "bash")
    assert "thme" in run("info").out


def test_help_and_version_are_data(run: Run) -> None:
    assert run("--version").out == f"crm-tui {__version__}\n"
    assert all(name in run("--help").out for name in VERBS)
    for name in VERBS:
        assert f"usage: crm-tui {name}" in run(name, "--help").out


def test_without_a_terminal_the_program_does_not_start(process: Process, sqlite_location: str) -> None:
    for words in ((), ("clients",), ("--filter", "stage:active")):
        done = process("--workspace", sqlite_location, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "needs a terminal" in done.stderr


def test_a_list_never_loads_textual_and_sqlite_no_other_driver(process: Process, sqlite_location: str) -> None:
    script = (
        "import sys; from crm_tui.cli import main; code = main(sys.argv[1:]); "
        "print(*(sorted({name.split('.')[0] for name in sys.modules if sys.modules[name]} "
        "& {'textual', 'rich', 'psycopg', 'babel', 'openpyxl', 'vobject', 'dateutil'})), file=sys.stderr); "
        "sys.exit(code)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, "--workspace", sqlite_location, "list", "clients", "--json"]
    done = subprocess.run(command, env=env, text=True, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "\n")


def test_a_reader_that_leaves_early_hears_no_complaint(process: Process, lite: Run, sqlite_location: str) -> None:
    lite("demo", "--clients", 300, "--no-open", "--yes")
    for form in ("table", "json", "csv", "ids"):
        done = process(
            "--workspace", sqlite_location, "--operator", "ana", "list", "clients", "--format", form,
            shell='"$@" | head -n 2 | wc -l; echo ${PIPESTATUS[0]}',
        )  # fmt: skip
        assert (done.stdout.split(), done.stderr) == (["2", "0"], ""), form
    done = process("--workspace", sqlite_location, "--operator", "ana", "list", "clients", shell='"$@" >&-')
    assert done.stderr == ""
    done = process("--workspace", sqlite_location, "--operator", "ana", "list", "clients", shell='"$@" >/dev/full')
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_leaves_at_once_with_130(sqlite_location: str, lite: Run, terminal_command: list[str]) -> None:
    for name in ("a", "b"):
        lite("add", "client", f"name={name}")
    command = [
        *terminal_command,
        "--workspace",
        sqlite_location,
        "--operator",
        "ana",
        "set",
        "clients",
        "stage:lead",
        "city=x",
    ]
    with Terminal(command, cols=80, rows=24) as terminal:
        terminal.wait_for("Change 2 clients?")
        terminal.signal(signal.SIGINT)
        assert terminal.wait_exit() == 130
        assert "Traceback" not in terminal.text
    assert lite("list", "clients", "city:x", "--json").json == []


def test_a_screen_that_fails_leaves_a_line_and_a_code(sqlite_location: str, terminal_command: list[str]) -> None:
    with contextlib.closing(sqlite3.connect(sqlite_location)) as damaged:
        damaged.execute('DROP TABLE "automation"')
    command = [*terminal_command, "--workspace", sqlite_location, "--operator", "ana", "clients"]
    with Terminal(command, cols=80, rows=24) as terminal:
        assert terminal.wait_exit() == 1
        assert "Something went wrong that should not have" in terminal.text
        assert "Traceback" not in terminal.text


def test_what_nobody_foresaw_is_one_line_and_the_rest_goes_to_the_log(
    lite: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: object) -> None:
        raise LookupError("no row for postgresql://ana:s3cret@host/crm\nand more, password='hidden'")

    monkeypatch.setattr(reading, "list_records", broken)
    said = lite("list", "clients", code=1)
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "LookupError" in said.err
    log = tmp_path / "xdg_state_home" / "crm-tui" / "crm-tui.log"
    assert str(log) in said.err
    kept = log.read_text()
    assert "Traceback" in kept
    assert "crm-tui list failed" in kept
    assert "s3cret" not in kept + said.err
    assert "hidden" not in kept
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_is_no_second_failure(
    lite: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: object) -> None:
        raise LookupError("nothing")

    monkeypatch.setattr(reading, "list_records", broken)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert "cannot be written" in lite("list", "clients", code=1).err


def test_json_is_ascii_where_the_terminal_knows_no_more(process: Process, lite: Run, sqlite_location: str) -> None:
    lite("add", "client", "name=Bólido 東京")
    words = ("--workspace", sqlite_location, "list", "clients", "--columns", "name")
    for form, said in (("json", '[{"name": "B\\u00f3lido \\u6771\\u4eac"}]\n'), ("table", "Name\nB?lido ??\n")):
        done = process(*words, "--format", form, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert (done.returncode, done.stdout) == (0, said)


def test_the_words_of_a_person_are_in_their_language_and_json_is_not(
    lite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lite("add", "client", "name=ACME")
    lite("add", "interaction", "client=ACME", "at=2026-01-05 10:00")
    monkeypatch.setenv("LANGUAGE", "pt_BR")
    assert lite("list", "clients", "--json").json[0]["last_contact"] == "2026-01-05T10:00:00Z"
    assert lite("list", "clients").lines


def test_marked_words_come_out_as_they_were_typed() -> None:
    _name, options = cli.parse(["list", "clients", "-tag:vip", "--limit", "3", "x", "--", "--json", "-y"])
    assert options.query == ["-tag:vip", "x", "--json", "-y"]
    assert (options.limit, options.json) == (3, False)


def test_json_escapes_what_acts_on_a_terminal() -> None:
    import json

    text = "".join(
        map(chr, [*range(0x20), *range(0x7F, 0xA1), 0x2028, 0x202E, 0x2066, 0xFEFF, 0xE0041, 0xD800, 0x6771])
    )
    shown = printing.json_text(text)
    assert json.loads(shown) == text
    assert shown.replace("東", "").replace("\xa0", "").isascii()
