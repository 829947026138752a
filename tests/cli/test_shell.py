"""completion: scripts for three shells, and the answers they ask for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.verbs.shell import split_line
from tests.cli.conftest import ROOT, Run


@pytest.fixture
def filled(lite: Run, sqlite_location: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    lite("add", "client", "name=ACME Studio", "city=São Paulo", "tags=vip", "stage=active")
    lite("add", "client", "name=Around the Horn", "city=Santos")
    lite("add", "contact", "name=Maria Anders", "client=1")
    monkeypatch.setenv("CRM_TUI_WORKSPACE", sqlite_location)
    return lite


@pytest.fixture
def words(filled: Run, run: Run) -> Callable[[str], list[str]]:
    """What is offered for a line, as it stands when the key is pressed."""
    return lambda line: [answer.partition("\t")[0] for answer in run("completion", "--words", line).lines]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(run: Run, shell: str) -> None:
    assert "completion --words" in run("completion", shell).out


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("crm-tui li", ["list"]),
        ("crm-tui cl", ["clients"]),
        ("crm-tui list con", ["contacts"]),
        ("crm-tui list clients sta", ["stage:"]),
        ("crm-tui list clients stage:a", ["stage:active"]),
        ("crm-tui list clients -tag:v", ["-tag:vip"]),
        ("crm-tui list clients city:s", ["city:Santos", 'city:"São Paulo"']),
        ("crm-tui list clients city:'Sã", ['city:"São Paulo"']),
        ("crm-tui list clients --form", ["--format"]),
        ("crm-tui list clients --format j", ["json"]),
        ("crm-tui list clients --columns name,ci", ["name,city"]),
        ("crm-tui --operator ", ["ana"]),
        ("crm-tui add client stag", ["stage="]),
        ("crm-tui set client 1 owner=", ["owner=ana"]),
        ("crm-tui set client 1 stage=a", ["stage=active"]),
        ("crm-tui show client AC", ["ACME Studio"]),
        ("crm-tui do client.ta", ["client.tag"]),
        ("crm-tui do client.tag 1 ", ["tags="]),
        ("crm-tui do client.tag 1 tags=v", ["tags=vip"]),
        ("crm-tui erase ", ["person"]),
        ("crm-tui erase person Mar", ["Maria Anders"]),
        ("crm-tui export person Mar", ["Maria Anders"]),
        ("crm-tui backup /tm", [":files"]),
        ("crm-tui -w ", [":files"]),
        ("crm-tui completion z", ["zsh"]),
        ("LANG=C crm-tui --readonly li", ["list"]),
        ("crm-tui list nothing x", []),
        ("crm-tui keys x", []),
        ("crm-tui list clients 'unfinished \"", []),
    ],
)
def test_what_may_follow(words: Callable[[str], list[str]], line: str, offered: list[str]) -> None:
    assert words(line) == offered


def test_completing_makes_no_workspace_and_never_complains(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("completion", "--words", "crm-tui list clients st").out == ""
    assert not (tmp_path / "xdg_data_home").exists()
    (tmp_path / "config.toml").write_text("nonsense")
    monkeypatch.setenv("CRM_TUI_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("CRM_TUI_WORKSPACE", str(tmp_path / "config.toml"))
    assert run("completion", "--words", "crm-tui list clients st").out == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a b", ["a", "b"]),
        ("a ", ["a", ""]),
        ("a 'b c", ["a", "b c"]),
        ('a "b \\"c" d\\ e', ["a", 'b "c', "d e"]),
        ("a ''", ["a", ""]),
        ("\\", [""]),
        ("", [""]),
    ],
)
def test_a_line_is_split_as_shells_do(line: str, expected: list[str]) -> None:
    assert split_line(line) == expected


def test_bash_puts_the_answers_behind_what_it_kept(filled: Run, sqlite_location: str) -> None:
    script = f"""
        crm-tui() {{ PYTHONPATH={ROOT} {sys.executable} -m crm_tui "$@"; }}
        source <(crm-tui completion bash)
        try() {{ COMP_LINE="$1" COMP_POINT=${{#1}} _crm_tui crm-tui; echo "${{COMPREPLY[@]}}"; }}
        try 'crm-tui li'; try 'crm-tui list clients stage:a'; try 'crm-tui list clients city:\\"São\\ P'
    """
    done = subprocess.run(["bash", "-c", script], text=True, capture_output=True, check=False, timeout=60)
    assert (done.stderr, done.stdout.splitlines()) == ("", ["list", "active", '\\"São\\ Paulo\\"'])
