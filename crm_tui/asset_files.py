"""Where the files that are not Python lie: word lists, templates, catalogues of translations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from crm_tui.errors import CrmError
from crm_tui.i18n import _


def asset(*parts: str) -> Path:
    """Return the path of a file or folder in ``assets``, which need not exist: ``asset("demo", "tags.txt")``.

    Raises CrmError when the program was installed without its assets.
    """
    return assets_of(Path(__file__).resolve().parent).joinpath(*parts)


@cache
def assets_of(package: Path) -> Path:
    """Return the assets of the package in that folder: inside it when installed, beside it in a checkout."""
    for folder in (package / "assets", package.parent / "assets"):
        if folder.is_dir():
            return folder
    raise CrmError(
        _("The folder {folder} is missing: the program was not installed completely. Install it again.").format(
            folder=package / "assets"
        )
    )
