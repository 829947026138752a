"""Who may see and change what. Every read and every write passes here, and nowhere else decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_tui.errors import NotAllowed
from crm_tui.i18n import _
from crm_tui.models.base import Entity


@dataclass(frozen=True, slots=True)
class Actor:
    """The operator on whose behalf something is read or done."""

    operator_id: int
    login: str
    role: str = "operator"
    readonly: bool = False
    """Whether the session was opened with ``--readonly``."""


def why_not_change(actor: Actor, entity: Entity | None = None) -> str:
    """Return why ``actor`` may not change records of ``entity`` (or any), or "" when they may."""
    if actor.readonly:
        return _("this session was opened with --readonly")
    if actor.role == "viewer":
        return _("{login} is a viewer, and viewers only read").format(login=actor.login)
    if entity is not None and entity.admin and actor.role != "admin":
        return _("only an admin changes {plural}").format(plural=_(entity.label_plural))
    return ""


def require_change(actor: Actor, entity: Entity | None = None) -> None:
    """Raise NotAllowed, saying why, unless ``actor`` may change records of ``entity``."""
    reason = why_not_change(actor, entity)
    if reason:
        raise NotAllowed(_("Not allowed: {reason}.").format(reason=reason))


def visible(actor: Actor, entity: Entity) -> Any | None:
    """Return the SQL condition of the records of ``entity`` that ``actor`` may see; None is all of them."""
    if entity.name == "saved_view":
        model: Any = entity.model
        return model.shared | (model.owner == actor.operator_id)
    return None


def sees(actor: Actor, entity: Entity, values: dict[str, Any]) -> bool:
    """Return what ``visible`` means for one record's stored values."""
    if entity.name == "saved_view":
        return bool(values.get("shared")) or values.get("owner") == actor.operator_id
    return True
