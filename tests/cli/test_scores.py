"""Lead scores from a script."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_rule_gives_points_and_the_client_says_why(crm: Run) -> None:
    crm("add", "client", "name=ACME", "stage=qualified", "acquired-on=2026-10-23")
    crm("add", "score_rule", "name=Met at the fair", "query=stage:qualified", "points=25", "half-life=30",
        "fades-from=acquired_on")  # fmt: skip
    crm("add", "score_rule", "name=No owner yet", "query=-owner:ana", "points=-2")
    shown = crm("show", "client", 1, "--json").json
    assert shown["score"] == 11
    assert shown["score_why"] == [
        {"rule": "Met at the fair", "points": 12.5},
        {"rule": "No owner yet", "points": -2.0},
    ]
    assert "+12.5 Met at the fair" in crm("show", "client", 1).out
    assert crm("do", "client.why_score", 1).lines == ["+12.5 Met at the fair", "-2 No owner yet"]
    assert crm("list", "score_rules", "--columns", "name,points").lines[1].split() == ["Met", "at", "the", "fair", "25"]


def test_scores_are_typed_until_there_is_a_rule(crm: Run) -> None:
    crm("add", "client", "name=ACME", "score=33")
    assert crm("show", "client", 1, "--json").json["score_why"] == []
    assert "no score rules" in crm("do", "client.rescore", code=1).err
    crm("add", "score_rule", "name=All", "query=id>0", "points=5")
    assert "it is kept by the score rules" in crm("set", "client", 1, "score=50", code=2).err
    assert "stagex" in crm("add", "score_rule", "name=Bad", "query=stagex:lead", "points=5", code=2).err
    assert crm("do", "client.rescore").lines == ["0 clients have another score now"]
    crm("undo")
    assert crm("show", "client", 1, "--json").json["score"] == 33


def test_doctor_knows_that_scores_follow_from_rules(crm: Run) -> None:
    crm("add", "client", "name=ACME", "score=33")
    crm("add", "score_rule", "name=All", "query=id>0", "points=5")
    assert "does not explain" not in crm("doctor").out


def test_a_files_scores_are_left_out_where_rules_keep_them(crm: Run, tmp_path: Path) -> None:
    crm("add", "client", "name=ACME", "external-id=a1")
    crm("add", "score_rule", "name=All", "query=id>0", "points=5")
    file = tmp_path / "clients.csv"
    file.write_text("external_id,name,score,city\na1,ACME,77,Berlin\na2,Other,88,Porto\n")
    said = crm("import", "clients", file, "--key", "external_id")
    assert "kept by the score rules" in said.out + said.err
    listed = crm("list", "clients", "--columns", "name,score,city", "--json").json
    assert [(one["name"], one["score"], one["city"]) for one in listed] == [
        ("ACME", 5, "Berlin"),
        ("Other", 5, "Porto"),
    ]
