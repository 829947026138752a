"""The suite's own PostgreSQL: every test gets a database nobody else sees, made from a template filled once a run."""

from __future__ import annotations

import psycopg
import pytest

from tests import postgres


def fill(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE client (name text)")
        connection.execute("INSERT INTO client VALUES ('ACME Studio')")


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM client ORDER BY name")]


@pytest.mark.parametrize("other", ["Bólido", "Wolski Zajazd", "Que Delícia", "B's Beverages"])
def test_a_copy_of_the_template_is_the_tests_own(other: str) -> None:
    with postgres.database(postgres.template("one_client", fill)) as url:
        assert url.startswith("postgresql://")
        assert names(url) == ["ACME Studio"]
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO client VALUES (%s)", [other])
        assert names(url) == sorted(["ACME Studio", other])


def test_a_template_is_filled_once_and_again_after_a_failure() -> None:
    def fail(url: str) -> None:
        raise LookupError("the migration is wrong")

    with pytest.raises(LookupError):
        postgres.template("filled_at_the_second_try", fail)
    name = postgres.template("filled_at_the_second_try", fill)
    assert postgres.template("filled_at_the_second_try", fail) == name


def test_a_dropped_database_is_gone_even_while_somebody_is_connected() -> None:
    url = postgres.new_database()
    with psycopg.connect(url):
        postgres.drop_database(url)
        postgres.drop_database(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_databases_of_one_run_live_on_one_server_that_keeps_any_letter() -> None:
    with psycopg.connect(postgres.new_database()) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    with psycopg.connect(postgres.new_database()) as connection:
        assert connection.execute("SHOW data_directory").fetchone() == (folder,)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
