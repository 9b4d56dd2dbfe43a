"""What a page's script has to know of the hall before it shows anything live."""

from typing import Any

from config.hall import Hall, Stage, Window, text
from queue_server.engine.roles import Actor, Role
from queue_server.web.words import named


def console_setup(hall: Hall, window: Window, actor: Actor, language: str) -> dict[str, Any]:
    """For the console of one window."""
    rules = hall.rules
    return {
        "window": window.id,
        "label": window.number,
        "clerk": actor.name,
        "services": {s.id: text(s.name, language) for s in hall.services},
        "targets": [s.id for s in hall.services if s.stage is not Stage.BACK_OFFICE],
        "stages": {s.id: s.stage.value for s in hall.services},
        "windows": {
            w.id: f"{w.number} {text(hall.zone_by_id[w.zone].name, language)}"
            for w in hall.windows
            if w.callable and w.id != window.id
        },
        "outcomes": named("outcome", rules.outcomes, language),
        "reasons": named("pause", rules.pause_reasons, language),
        "priorities": {p.id: text(p.name, language) for p in hall.priorities},
        "recall_spacing": rules.recall_spacing,
        "no_show_calls": rules.no_show_calls,
        "no_show_seconds": rules.no_show_seconds,
        "hold_limit": rules.hold_limit,
        "call_spacing": rules.call_spacing,
        "place": rules.transfer_place,
        "may_choose": actor.role in (Role.ADMIN, Role.MANAGER) or rules.call_chosen == "clerk",
    }


def desk_setup(hall: Hall, language: str) -> dict[str, Any]:
    """For the guide's desk."""
    return {
        "services": [
            {
                "id": s.id,
                "name": text(s.name, language),
                "zone": text(hall.zone_by_id[s.zone].name, language),
            }
            for s in hall.services
            if s.stage is not Stage.BACK_OFFICE
        ],
        "priorities": {p.id: text(p.name, language) for p in hall.priorities},
    }
