"""What routes take and answer, for OpenAPI: bodies are read by our own reader, so their schemas are told here."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from gateway.api.problems import PROBLEM, PROBLEM_SCHEMA

_REFERENCE = "#/components/schemas/{model}"
_TAKEN: dict[str, type[BaseModel]] = {}
_WORDS = {
    200: "done", 201: "placed", 202: "stored; it takes effect later", 400: "malformed", 401: "no valid key",
    403: "not yours to do or see", 404: "unknown", 409: "contradicts what is known", 413: "too large",
    415: "not this type", 422: "a field is wrong", 429: "too many requests", 503: "try again later",
}  # fmt: skip
_EVERYWHERE = (400, 401, 403, 413, 415, 422, 429, 503)
"""What any route may answer: the door itself says it."""


ANY_OBJECT: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}
"""A body that is an object of the sender's own making."""


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """A route's body."""
    _TAKEN[model.__name__] = model
    schema = {"$ref": _REFERENCE.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """A route's answers with their meanings."""
    return {status: _answer(status) for status in sorted({*statuses, *_EVERYWHERE})}


def _answer(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"description": _WORDS[status]}
    if status >= 400:
        told["content"] = {PROBLEM: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    return told


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The whole description, OpenAPI 3.1."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM_SCHEMA
        for name, model in _TAKEN.items():
            schema = model.model_json_schema(ref_template=_REFERENCE)
            schemas |= schema.pop("$defs", {})
            schemas[name] = schema
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for path in made["paths"].values():
            for route in path.values():
                refused = route["responses"].get("422", {})
                refused["content"] = {PROBLEM: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
        made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"key": []}]
        app.openapi_schema = made
    return app.openapi_schema
