"""Automations, recurring rules and message templates that come with the program: offered, and some of them there from
the start."""

from __future__ import annotations

from typing import Any

from crm_tui.asset_files import asset
from crm_tui.errors import NotFound, nearest
from crm_tui.i18n import _
from crm_tui.journal import Writer
from crm_tui.models.base import Entity, entities
from crm_tui.text import fold, quoted

ON = "on"


def presets(entity: Entity) -> list[dict[str, Any]]:
    """Return what is offered of an entity, each as it would be typed; ``on`` says which are there from the start."""
    import tomllib  # few sessions need it

    path = asset("presets", f"{entity.plural}.toml")
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))[entity.name]
    return found


def called(one: dict[str, Any]) -> str:
    """Return what one is called among them: those of one name differ by their language."""
    language = one.get("language", "")
    return f"{one['name']} ({language})" if language not in ("", "en") else str(one["name"])


def preset(entity: Entity, name: str) -> dict[str, str]:
    """Return one by its name, as it would be typed. Raises NotFound."""
    known = {called(one): one for one in presets(entity)}
    found = next((one for one in known if fold(one) == fold(name)), None)
    if found is None:
        raise NotFound(_("There is no preset {name}.").format(name=quoted(name)) + nearest(name, known))
    return {field: str(value).strip() for field, value in known[found].items() if field != ON}


def write_shipped(op: Writer) -> None:
    """Write what is there from the start into a new workspace."""
    for name, more in (("message_template", {}), ("automation", {"enabled": True})):
        entity = entities[name]
        rows = [{field: value for field, value in one.items() if field != ON} for one in presets(entity) if one.get(ON)]
        op.create_many(entity, [{**more, **row} for row in rows])
