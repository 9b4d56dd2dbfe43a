"""The OpenAPI document, made from the table of addresses and from the types of `config.wire`."""

import re
from functools import cache
from typing import Any

import msgspec

from config.hall import Hall
from config.wire.commands import ERRORS, Command, Reply
from queue_server.web.access import ROUTES, Route
from queue_server.web.errors import WEB_ERRORS

_REF = "#/components/schemas/{name}"
_COMMANDS = "/api/v1/commands"


def description(hall: Hall) -> dict[str, Any]:
    """OpenAPI 3.1 of this hall's HTTP door."""
    document = _document()
    info = {**document["info"], "title": f"yichuang: {hall.name.get('en') or hall.id}"}
    return {**document, "info": info}


@cache
def _document() -> dict[str, Any]:
    types: list[Any] = [Command, Reply, *dict.fromkeys(t for r in ROUTES for t in r.returns)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        operation = _operation(route, [by_type[t] for t in route.returns])
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    paths[_COMMANDS]["post"] |= _command_operation(by_type[Command], by_type[Reply])
    return {
        "openapi": "3.1.0",
        "info": {"title": "yichuang", "version": "1", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "NAME.SECRET"},
                "session": {"type": "apiKey", "in": "cookie", "name": "yichuang"},
            },
        },
    }


_ABOUT = (
    "The queue of a government service hall. A refused command is answered 200 with ok=false and "
    f"one of these codes: {', '.join(ERRORS)}. Answers with an error status have the shape of a "
    f"Reply and one of these codes, or of those: {', '.join(WEB_ERRORS)}."
)


def _operation(route: Route, answers: list[dict[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {route.kind: {}}
    if answers:
        content[route.kind]["schema"] = answers[0] if len(answers) == 1 else {"anyOf": answers}
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": _name_of(route),
        "responses": {"200": {"description": "as asked", "content": content}},
    }
    names = re.findall(r"{(\w+)}", route.path)
    parameters = [
        {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names
    ]
    parameters += [
        {"name": n, "in": "query", "required": True, "schema": {"type": "string"}}
        for n in route.query
    ]
    if route.path == "/api/v1/events":
        after = {"type": "integer", "minimum": 0}
        parameters.append({"name": "after", "in": "query", "required": False, "schema": after})
    if parameters:
        operation["parameters"] = parameters
    if route.who is not None:
        operation["security"] = [{"token": []}, {"session": []}]
        operation["x-roles"] = sorted(route.who)
        refusals = {"401": "nobody we know", "403": "this role may not"}
        operation["responses"] |= {k: {"description": v} for k, v in refusals.items()}
    return operation


def _name_of(route: Route) -> str:
    words = re.findall(r"\w+", route.path.removeprefix("/api/v1"))
    return "_".join([route.method.lower(), *words])


def _command_operation(command: dict[str, Any], reply: dict[str, Any]) -> dict[str, Any]:
    refused = {"content": {"application/json": {"schema": reply}}}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": command}},
        },
        "responses": {
            "200": {"description": "carried out, or refused with ok=false", **refused},
            "400": {"description": "no command", **refused},
            "401": {"description": "nobody we know", **refused},
            "403": {"description": "this role may not, or a forged request", **refused},
            "413": {"description": "more than 16 KiB", **refused},
            "415": {"description": "not application/json", **refused},
            "429": {"description": "too many", **refused},
        },
    }
