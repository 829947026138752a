"""Opening a file to import: what it is decides how it is read, and what cannot be read says so."""

from __future__ import annotations

import os
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.errors import BadInput
from crm_tui.importers import Limits, RowProblem, formats, open_source


def test_every_format_is_found_by_its_file() -> None:
    assert {known.name for known in formats()} == {"CSV", "JSON", "XLSX", "vCard"}
    suffixes = [suffix for known in formats() for suffix in known.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_what_a_file_is_outweighs_what_it_is_called(tmp_path: Path) -> None:
    card = tmp_path / "contacts.csv"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD\n")
    assert open_source(card).describe() == "vCard, UTF-8, 1 card"
    listed = tmp_path / "clients.export"
    listed.write_text('[{"name": "ACME"}]')
    assert open_source(listed).describe() == "JSON, UTF-8, 1 row"
    table = tmp_path / "clients"
    table.write_text("name;city\nACME;Berlin\n")
    assert open_source(table).columns == ("name", "city")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no file .*nowhere\.csv"):
        open_source(tmp_path / "nowhere.csv")
    with pytest.raises(BadInput, match="cannot be read"):
        open_source(f"{tmp_path}/a\0b.csv")
    with pytest.raises(BadInput, match="cannot be read"):
        open_source(tmp_path / ("x" * 300))


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        open_source(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadInput, match="is not a file"):
        open_source(tmp_path / "pipe.csv")


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "locked.csv"
    locked.write_text("name\nACME\n")
    locked.chmod(0)
    if os.access(locked, os.R_OK):  # root may read everything: let the system refuse by itself
        monkeypatch.setattr(Path, "open", _refuse)
    with pytest.raises(BadInput, match="permission denied"):
        open_source(locked)


def _refuse(path: Path, *_mode: object, **_options: object) -> None:
    raise PermissionError(13, "Permission denied", str(path))


def test_a_file_beyond_the_limit_is_not_begun(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_text("name\n" + "ACME\n" * 100)
    with pytest.raises(BadInput, match="the largest file taken is"):
        open_source(large, limits=Limits(file_bytes=100))


def test_a_format_nobody_knows_lists_those_that_are(tmp_path: Path) -> None:
    picture = tmp_path / "logo.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    with pytest.raises(BadInput, match=r"use one of .*\.csv.*\.json.*\.xlsx"):
        open_source(picture)


def test_messages_show_no_hostile_file_names(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        open_source(tmp_path / "\x1b[2Jevil.csv")
    assert "\x1b" not in str(raised.value)


def test_an_archive_that_is_no_workbook_says_what_to_do(tmp_path: Path) -> None:
    archive = tmp_path / "clients.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("clients.csv", "name\nACME\n")
    with pytest.raises(BadInput, match=r"save it again as \.xlsx"):
        open_source(archive)


def test_a_file_that_goes_away_meanwhile_is_missed(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("name\nACME\n")
    source = open_source(file)
    file.unlink()
    with pytest.raises(BadInput, match=r"clients\.csv cannot be read: No such file"):
        list(source.rows())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=400), suffix=st.sampled_from([".csv", ".json", ".vcf", ".xlsx", ""]))
def test_any_bytes_are_rows_or_a_plain_refusal(tmp_path: Path, content: bytes, suffix: str) -> None:
    file = tmp_path / f"any{suffix}"
    file.write_bytes(content)
    with suppress(BadInput):
        source = open_source(file)
        for row in source.rows():
            assert isinstance(row, RowProblem) or len(row.cells) == len(source.columns)
