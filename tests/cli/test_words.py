"""Words and templates from the command line: begun with, looked at, changed, replaced, carried to another workspace."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def stages(run: Run) -> list[str]:
    told = run("do", "go.words", "vocabulary=client.stage", "--json").json["found"][0]
    return [word["value"] for word in told["words"]]


def test_a_workspace_begins_with_a_template_and_one_undo_takes_it_back(crm: Run) -> None:
    listed = crm("init", "--list", "--json").json
    assert [one["name"] for one in listed] == ["agency", "consultancy", "law-office", "retail"]
    said = crm("init", "--template", "law-office", "--name", "Kanzlei Ost").err
    assert "Added client stage: enquiry, conflict check" in said and "Added saved views: Enquiries" in said
    assert "Kanzlei Ost" in crm("list", "settings", "key:name").out
    crm("add", "client", "name=ACME", "stage=enquiry", "practice_area=Tax, Property")
    assert crm("list", "clients", "stage:enquiry", "--columns", "name,stage").lines[-1].split() == ["ACME", "enquiry"]
    again = crm("init", "--template", "law-office", "--json").json
    assert again["added"] == [] and {"what": "tag", "title": "urgent", "reason": "it is there already"} in again["left"]
    crm("undo")
    crm("undo")
    assert stages(crm) == ["lead", "qualified", "active", "dormant", "churned"]
    assert "Kanzlei" not in crm("list", "settings").out


def test_a_template_needs_an_admin_and_a_file_that_can_be_read(lite: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "Mine"\ndescription = "x"\n[[score_rules]]\nname = "A"\nquery = "stage:leed"\npoints = 1\n'
    )
    assert 'mine.toml, line 3: score rule "A": query:' in lite("init", "--template", file, code=2).err
    assert "--readonly" in lite("--readonly", "init", "--template", "agency", code=1).err
    assert "cannot be read" in lite("init", "--template", tmp_path / "none.toml", code=2).err
    assert "needs a name" in lite("init", "--name", "  ", code=2).err
    assert "is ready" in lite("init").err
    assert stages(lite)[0] == "lead" and lite("list", "score-rules", "--json").json == []


def test_a_workspace_that_is_not_there_is_made(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "new.db"
    run("--workspace", place, "--operator", "ana", "init", "--template", "retail")
    assert place.exists()
    run("--workspace", place, "--operator", "ana", "demo", "--clients", "20", "--no-open", "--yes")
    kept = run("--workspace", place, "--operator", "ana", "list", "interactions", "--json").json
    known = run("--workspace", place, "--operator", "ana", "do", "go.words", "--json").json["found"]
    channels = next(one["words"] for one in known if one["vocabulary"] == "interaction.channel")
    assert {row["channel"] for row in kept} <= {word["value"] for word in channels}


def test_words_are_added_renamed_put_away_and_replaced(crm: Run) -> None:
    assert "client.source: none yet" in crm("do", "go.words").out
    crm("add", "option", "vocabulary=client.stage", "value=lead", "label=Enquiry", "also=Anfrage")
    crm("add", "word", "vocabulary=client.stage", "value=on ice", "meaning=quiet")
    crm("add", "client", "name=ACME", "stage=anfrage")
    assert crm("show", "client", "ACME", "--json").json["stage"] == "lead"
    refused = crm("archive", "words", "value:lead", code=1).err
    assert 'The client stage "lead" is that of 1 client' in refused and "word.replace" in refused
    assert "needs a word that means new" in crm("do", "word.replace", "word=client.stage.lead", "by=on-ice", code=1).err
    crm("set", "client", "ACME", "stage=dormant")
    said = crm("do", "word.replace", "word=client.stage.dormant", "by=on-ice").out
    assert "Replaced in 1 record" in said
    assert crm("show", "client", "ACME", "--json").json["stage"] == "on ice"
    assert stages(crm) == ["lead", "qualified", "active", "churned", "on ice"]
    crm("set", "words", "client.stage.lead", "label=Prospect")
    assert "Prospect" in crm("list", "words", "value:lead").out
    crm("undo")
    crm("undo")
    assert crm("show", "client", "ACME", "--json").json["stage"] == "dormant"


def test_words_go_to_another_workspace_by_a_file(run: Run, crm: Run, tmp_path: Path) -> None:
    crm("init", "--template", "law-office")
    for ending in ("json", "csv", "xlsx"):
        file, other = tmp_path / f"words.{ending}", tmp_path / f"{ending}.db"
        crm("export", "words", "--to", file)
        words = ("--workspace", other, "--operator", "ana")
        run(*words, "init")
        first = run(*words, "import", "words", file).err
        assert "0 rejected" in first, first
        assert "0 created, 0 updated" in run(*words, "import", "words", file, "--key", "name").err
        assert crm("do", "go.words", "--json").json == run(*words, "do", "go.words", "--json").json


def test_files_may_say_what_is_shown_or_meant(lite: Run, tmp_path: Path) -> None:
    lite("init", "--template", "law-office")
    file = tmp_path / "list.csv"
    file.write_text("Name,Stage\nA,Enquiry\nB,litigation\nC,conflict-check\nD,ACTIVE\nE,sleeping\n")
    report = lite("import", "clients", file, "--json", code=1).json
    assert (report["created"], report["rejected"]) == (4, 1)
    kept = {row["name"]: row["stage"] for row in lite("list", "clients", "--json").json}
    assert kept == {"A": "lead", "B": "in court", "C": "conflict check", "D": "active"}
    out = tmp_path / "out.csv"
    lite("export", "clients", "--to", out)
    assert "0 created, 0 updated, 4 unchanged" in lite("import", "clients", out, "--key", "name").err


def test_templates_and_words_are_completed_in_the_shell(lite: Run) -> None:
    lite("add", "word", "vocabulary=client.source", "value=Trade fair")
    assert "law-office" in lite("completion", "--words", "crm-tui init --template la").out
    assert "source=Trade fair" in lite("completion", "--words", "crm-tui add client source=tr").out
