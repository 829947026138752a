"""Assets are found in a checkout and in an installed package alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.asset_files import asset, assets_of
from crm_tui.errors import CrmError


def test_a_checkout_has_them_beside_the_package() -> None:
    assert asset("demo", "tags.txt").is_file()
    assert asset() == Path(__file__).parents[1] / "assets"


def test_an_installed_package_has_them_inside(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "crm_tui"
    (package / "assets").mkdir(parents=True)
    (tmp_path / "site-packages" / "assets").mkdir()
    assert assets_of(package) == package / "assets", "another package's assets are not ours"


def test_a_package_without_them_says_so(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="not installed completely"):
        assets_of(tmp_path / "crm_tui")
