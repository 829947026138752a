"""Messages name what is nearest to a slip of the finger."""

from __future__ import annotations

from crm_tui.errors import CannotOpen, Conflict, CrmError, InvalidRecord, NotFound, nearest


def test_the_nearest_names_are_offered() -> None:
    assert nearest("stge", ["stage", "street", "stages"]) == ' Did you mean "stage", "stages" or "street"?'
    assert nearest("colour", ["score", "owner"]) == ""


def test_case_and_accents_do_not_count() -> None:
    assert nearest("koniglich", ["Königlich", "Ana"]) == ' Did you mean "Königlich"?'
    assert nearest("ANA", ["ana"]) == ' Did you mean "ana"?'


def test_a_megabyte_is_compared_in_no_time() -> None:
    assert nearest("x" * 1_000_000, [f"name {n}" for n in range(100_000)]) == ""


def test_exit_codes_are_the_contract() -> None:
    problems = InvalidRecord({"name": "it cannot be empty", "score": "too much"})
    assert [CrmError.exit_code, problems.exit_code, Conflict.exit_code, NotFound.exit_code, CannotOpen.exit_code] == [
        1, 2, 3, 4, 5,
    ]  # fmt: skip
    assert str(problems) == "name: it cannot be empty; score: too much"
    assert problems.field == "name"
