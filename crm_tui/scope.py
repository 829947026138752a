"""Who may see and change what. Every read and every write passes here, and nowhere else decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_tui.db import among_those, ask
from crm_tui.errors import CrmError, NotAllowed
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities

CHANGING_ROLES = ("admin", "manager", "operator")
"""The roles that change data, the mightiest first; others (``viewer``, those of a later version) only read."""

MANAGING_ROLES = ("admin", "manager")
"""The roles that decide how everyone works."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The operator on whose behalf something is read or done."""

    operator_id: int
    login: str
    role: str = "operator"
    readonly: bool = False
    """Whether the session was opened with ``--readonly``."""
    restricted: bool = False
    """Whether the session was opened with ``--restricted``: nothing in it reaches other programs or files of the
    machine it runs on."""


WORKER = Actor(0, "worker", "admin")
"""On whose behalf the background worker reads and writes."""


def as_of_now(actor: Actor) -> Actor:
    """Return the actor with what an admin took away since they signed in: a role never grows in an open session.

    Raises NotAllowed when they no longer work here.
    """
    model: Any = entities["operator"].model

    def query() -> Any:
        return model.select(model.role, model.active, model.archived_at).where(among_those(model.id))

    found = ask("operator as of now", query, () if actor.operator_id is None else (actor.operator_id,))
    if not found:
        return actor
    role, active, archived_at = found[0]
    if not active or archived_at is not None:
        _require(_("{login} is no longer active").format(login=actor.login))
    return replace(actor, role=min(actor.role, role, key=_rank))


def _rank(role: str) -> int:
    """How much a role may: those that only read least, then as ``CHANGING_ROLES`` has them."""
    return len(CHANGING_ROLES) - CHANGING_ROLES.index(role) if role in CHANGING_ROLES else 0


def why_not_note(actor: Actor) -> str:
    """Return why ``actor`` may not even note what they have read, which viewers may, or "" when they may."""
    return _("this session was opened with --readonly") if actor.readonly else ""


def why_not_outside(actor: Actor) -> str:
    """Return why ``actor`` may not reach other programs and files of the machine, or "" when they may."""
    return _("this session is restricted: it reaches no other program and no file here") if actor.restricted else ""


def why_not_change(actor: Actor, entity: Entity | None = None) -> str:
    """Return why ``actor`` may not change records of ``entity`` (or any), or "" when they may."""
    if reason := why_not_note(actor):
        return reason
    if actor.role not in CHANGING_ROLES:
        return _("{login} is a viewer, and viewers only read").format(login=actor.login)
    if entity is not None and entity.admin and actor.role != "admin":
        return _("only an admin changes {plural}").format(plural=_(entity.label_plural))
    if entity is not None and entity.managed and actor.role not in MANAGING_ROLES:
        return _("only an admin or a manager changes {plural}").format(plural=_(entity.label_plural))
    return ""


def why_not_export_person(actor: Actor) -> str:
    """Return why ``actor`` may not have all that is held of a person, or "" when they may: it tells also what
    colleagues were told."""
    if actor.role not in MANAGING_ROLES:
        return _("only an admin or a manager exports all that is held of a person")
    return ""


def why_not_erase(actor: Actor) -> str:
    """Return why ``actor`` may not erase a person, which is final, or "" when they may."""
    if reason := why_not_note(actor):
        return reason
    return "" if actor.role == "admin" else _("only an admin erases a person")


def require_export_person(actor: Actor) -> None:
    """Raise NotAllowed, saying why, unless ``actor`` may have all that is held of a person."""
    _require(why_not_export_person(actor))


def require_erase(actor: Actor) -> None:
    """Raise NotAllowed, saying why, unless ``actor`` may erase a person."""
    _require(why_not_erase(actor))


def require_note(actor: Actor) -> None:
    """Raise NotAllowed, saying why, unless ``actor`` may note what they have read."""
    _require(why_not_note(actor))


def require_change(actor: Actor, entity: Entity | None = None) -> None:
    """Raise NotAllowed, saying why, unless ``actor`` may change records of ``entity``."""
    _require(why_not_change(actor, entity))


def require_change_of(actor: Actor, entity: Entity, values: Mapping[str, Any]) -> None:
    """Raise NotAllowed, saying why, unless ``actor`` may change this one record of ``entity``, which they see."""
    if entity.name == "saved_view" and actor.role not in ("admin", "manager"):
        owner = values.get("owner")
        if owner is not None and owner != actor.operator_id:
            _require(_("the view belongs to somebody else; save one of your own"))
    if entity.name in ("dashboard", "card") and actor.role not in MANAGING_ROLES:
        owner = values.get("owner") if entity.name == "dashboard" else _owner_of_board(values)
        if owner is not None and owner != actor.operator_id:
            _require(_("the dashboard belongs to somebody else; copy it to have one of your own"))
    if entity.name == "comment" and actor.role != "admin" and values.get("author") != actor.operator_id:
        _require(_("the comment is somebody else's; its author and admins change it"))


def _require(reason: str) -> None:
    if reason:
        raise NotAllowed(_("Not allowed: {reason}.").format(reason=reason))


def visible(actor: Actor, entity: Entity) -> Any | None:
    """Return the SQL condition of the records of ``entity`` that ``actor`` may see; None is all of them."""
    if entity.name == "saved_view" or (entity.name == "dashboard" and actor.operator_id):
        model: Any = entity.model
        return model.shared | (model.owner == actor.operator_id)
    if entity.name == "card" and actor.operator_id:
        held: Any = entity.model
        boards = entities["dashboard"]
        return held.dashboard.is_null() | held.dashboard.in_(
            boards.model.select(boards.model.id).where(visible(actor, boards))
        )
    if entity.name == "notification":
        told: Any = entity.model
        return (told.operator == actor.operator_id) & _its_comment_stands(told)
    if entity.name == "message" and actor.operator_id:
        sent: Any = entity.model
        return sent.client.is_null(False) | sent.owner.is_null() | (sent.owner == actor.operator_id)
    return None


def _owner_of_board(values: Mapping[str, Any]) -> int | None:
    """The owner of the dashboard that a card is on."""
    board: Any = entities["dashboard"].model
    row = board.select(board.owner).where(board.id == values.get("dashboard")).tuples().first()
    return row[0] if row else None


def _its_comment_stands(told: Any) -> Any:
    """The condition that what a notification tells of was not deleted: nobody is told of that any more."""
    comment: Any = entities["comment"].model
    deleted = comment.select(comment.id).where(comment.archived_at.is_null(False))
    return told.comment.is_null() | told.comment.not_in(deleted)


def sees(actor: Actor, entity: Entity, values: Mapping[str, Any]) -> bool:
    """Return what ``visible`` means for one record's values, Python or stored."""
    if entity.name == "saved_view" or (entity.name == "dashboard" and actor.operator_id):
        return bool(values.get("shared")) or values.get("owner") == actor.operator_id
    if entity.name == "card" and actor.operator_id and values.get("dashboard") is not None:
        board: Any = entities["dashboard"].model
        seen = visible(actor, entities["dashboard"]) & (board.id == values.get("dashboard"))
        return bool(board.select().where(seen).exists())
    if entity.name == "notification":
        return values.get("operator") == actor.operator_id
    if entity.name == "message":  # what concerns no client is between its operator and whoever it is for
        mine = not actor.operator_id or values.get("owner") in (None, actor.operator_id)
        return mine or values.get("client") is not None
    return True


def active_admins() -> list[int]:
    """Return the ids of the operators who are admins and work here."""
    model: Any = entities["operator"].model
    admins = (model.role == "admin") & model.active & model.archived_at.is_null()
    return [row[0] for row in model.select(model.id).where(admins).tuples()]


def require_an_admin() -> None:
    """Raise CrmError when no active admin is left: nobody could change operators and settings any more."""
    if not active_admins():
        raise CrmError(_("At least one active admin must remain; make somebody else an admin first."))
