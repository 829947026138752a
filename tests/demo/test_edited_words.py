"""What somebody who edits the word lists is told when a line cannot be understood."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest

from crm_tui.asset_files import asset
from crm_tui.demo.countries import City, Country, read_country
from crm_tui.demo.notes import Notes
from crm_tui.demo.relationship import Calendar
from crm_tui.demo.sheets import Sheet, read_lines
from crm_tui.demo.words import Word, name_phrase, number_template, pick, read_word, text_template, weighted
from crm_tui.errors import BadInput

COUNTRY = """
name = "Freedonia"
currency = "EUR"
language = "en"
share = 1
women = ["Ödile"]
men = ["Björn"]
families = ["Łoś"]
people = ["{given} {family}"]
companies = ["{family} & {trade}, {form}"]
long_companies = ["{family} of {city}, {form}"]
forms = ["Ltd"]
trades = ["茶|Tea"]
streets = ["Main"]
addresses = ["{number} {street} St"]
cities = [["Sylvania", "", "F-###", "+000 ###"]]
mobiles = ["+000 9##"]
tax_ids = ["F@@#"]
mailboxes = ["info"]
"""

COMMON = {"number": (Word("7", "7"),)}


def read(tmp_path: Path, text: str) -> list[Country]:
    path = tmp_path / "freedonia.toml"
    path.write_text(text, "utf-8")
    return read_country(path, COMMON)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(BadInput) as refusal:
        read(tmp_path, text)
    return str(refusal.value)


def company(country: Country) -> tuple[str, list[str]]:
    roll = Random(1).random
    city: City = pick(roll, country.cities)
    phrase = pick(roll, country.companies)
    name, slugs = phrase.draw(roll, city.word)
    return name, [slugs[place] for place in phrase.spelt]


def test_a_new_file_is_a_new_country(tmp_path: Path) -> None:
    countries = read(tmp_path, COUNTRY)
    assert len(countries) == 10
    assert company(countries[0]) == ("Łoś & Tea, Ltd", ["los", "tea"])
    roll = Random(1).random
    assert pick(roll, countries[0].addresses).draw(roll) == "7 Main St"


def test_half_of_a_country_may_write_in_its_own_script(tmp_path: Path) -> None:
    own = '[native]\nshare = 0.5\ncompanies = ["{trade}{family}"]\n'
    countries = read(tmp_path, COUNTRY + own)
    assert [company(country) for country in countries] == (
        [("茶Łoś", ["tea", "los"])] * 5 + [("Łoś & Tea, Ltd", ["los", "tea"])] * 5
    )


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ('women = ["Ödile"]', "women = []", '"women" has to be a list of texts'),
        ('forms = ["Ltd"]', "", 'there is no list for {form} in "{family} & {trade}, {form}"'),
        ("& {trade}", "& {trad}", 'Did you mean "trade"'),
        ("{given} {family}", "{given}", '"{given}" needs {family}'),
        ("{family} & {trade}, {form}", "The {form}", '"The {form}" needs {family}'),
        ("茶|Tea", "茶", '"茶" in "trades" needs its Latin spelling'),
        ('"F-###", ', "", '"cities" has to be a list of rows of 4 texts each'),
        ("share = 1", "share = -1", '"share" has to be a number from 0 to 1000'),
        ("share = 1", "share = true", '"share" has to be a number from 0 to 1000'),
        ('currency = "EUR"', "currency = 1", '"currency" has to be a text'),
        ('name = "Freedonia"', "name = Freedonia", "line 2"),
        ("\ncities", "\nnative = 3\ncities", '"native" has to be a table'),
    ],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, line: str, instead: str, told: str) -> None:
    message = refused(tmp_path, COUNTRY.replace(line, instead, 1))
    assert message.startswith("freedonia.toml: ")
    assert told in message


def test_a_slip_in_the_own_script_is_not_passed_over(tmp_path: Path) -> None:
    message = refused(tmp_path, COUNTRY + '[native]\nshare = 0.5\nadresses = ["{street}"]\n')
    assert message == 'freedonia.toml [native]: "adresses" means nothing here. Did you mean "addresses"?'


def test_a_missing_or_foreign_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"tags\.txt: No such file"):
        read_lines(tmp_path / "tags.txt")
    (tmp_path / "tags.txt").write_bytes("Straße".encode("latin-1"))
    with pytest.raises(BadInput, match=r"tags\.txt: it is not UTF-8"):
        read_lines(tmp_path / "tags.txt")
    (tmp_path / "tags.txt").write_text("# nothing left\n\n", "utf-8")
    with pytest.raises(BadInput, match=r"tags\.txt: the list is empty"):
        read_lines(tmp_path / "tags.txt")


def test_lines_and_comments(tmp_path: Path) -> None:
    (tmp_path / "tags.txt").write_text("# a comment\n vip \n\npays late\n", "utf-8")
    assert read_lines(tmp_path / "tags.txt") == ("vip", "pays late")


def test_number_patterns() -> None:
    roll = Random(5).random
    assert number_template("+1 555 01##").draw(roll).startswith("+1 555 01")
    drawn = {number_template("#####-@ 100%").draw(roll) for _time in range(50)}
    assert len(drawn) == 50
    assert all(
        len(text) == 12 and text[:5].isdigit() and text[6].isupper() and text.endswith(" 100%") for text in drawn
    )


def test_words_spell_their_addresses() -> None:
    assert read_word("Straße & Søn") == Word("Straße & Søn", "strasseson")
    assert read_word("東京|Tokyo") == Word("Tokyo", "tokyo")
    assert read_word("東京|Tokyo", native=True) == Word("東京", "tokyo")
    assert read_word("İstanbul").slug == "istanbul"


def test_patterns_may_hold_percent_signs_and_the_city() -> None:
    lists = {"trade": (Word("Tea", "tea"),)}
    roll = Random(1).random
    assert text_template("100 % {trade}", lists, "here").draw(roll) == "100 % Tea"
    phrase = name_phrase("{trade} of {city}", lists, "here")
    assert phrase.draw(roll, Word("Łódź", "lodz")) == ("Tea of Łódź", ["tea", "lodz"])


def test_earlier_lines_come_more_often() -> None:
    table = weighted(["first", "second", "third"])
    assert table.count("first") > table.count("second") > table.count("third") > 0


def test_the_shipped_files_are_all_understood() -> None:
    assert Notes(Random(1).random).draw() is not None
    assert len(list(asset("demo", "countries").glob("*.toml"))) >= 20
    assert Sheet.read(asset("demo", "operators.toml")).tables("operator")


def test_the_calendar_knows_no_weekends() -> None:
    calendar = Calendar(date(2026, 11, 22))
    assert calendar.past[:2] == (date(2026, 11, 20), date(2026, 11, 19))
    assert {day.weekday() for day in calendar.follow_ups} <= {0, 1, 2, 3, 4, 6}, "today itself may be a Sunday"
