"""Which database a workspace names, and how it is shown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crm_tui.drivers import is_postgres, shown


def test_a_path_is_no_address() -> None:
    assert is_postgres("postgresql://host/crm")
    assert is_postgres("postgres://host/crm")
    assert not is_postgres("/srv/postgresql:/crm.db")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ana:s3cret@host/crm",
        "postgresql://ana:s3cret@with@ats@host:5432/crm?sslmode=require",
        "postgres://ana:s3cret@host/crm?user=x@y",
        "postgresql://host/crm?user=ana&password=s3cret&sslmode=require",
        "postgresql://host/crm?sslpassword=s3cret",
    ],
)
def test_a_password_is_never_shown(address: str) -> None:
    assert "s3cret" not in shown(address)
    assert "host" in shown(address)
    assert "crm" in shown(address)


def test_an_address_without_a_password_and_a_path_are_shown_as_they_are() -> None:
    for location in ("postgresql://ana@host/crm", "postgresql:///crm?host=/run/pg", "/tmp/a:b@c.db"):
        assert shown(location) == location


def test_a_process_that_opens_a_file_needs_no_openssl() -> None:
    """It is 4 MB in every session; what does need it imports it."""
    script = (
        "import sys; from crm_tui import drivers; drivers.import_sparingly(postgres=False); import crm_tui.app;"
        "print(*(name for name in ('_ssl', '_hashlib', 'babel') if name in sys.modules));"
        "import hashlib, ssl, peewee;"
        "print(hashlib.sha256().name, peewee.hashlib.sha256().name, ssl.create_default_context())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    before, after = run.stdout.splitlines()
    assert before == ""
    assert after.startswith("sha256 sha256 <ssl.SSLContext")


def test_a_process_that_opens_a_file_imports_no_driver() -> None:
    script = (
        "import sys; from crm_tui import drivers; drivers.import_sparingly(postgres=False); import crm_tui.workspaces;"
        "print(*(name for name in ('psycopg', 'psycopg2', 'pymysql') if sys.modules.get(name)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
