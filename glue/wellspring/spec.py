import json
from dataclasses import dataclass, field

from wellspring.errors import JobError

TYPES = {
    "text": "string",
    "double": "double",
    "bigint": "bigint",
    "int": "int",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Audit:
    """One entry of `audits` of a .yml."""

    unique: tuple[str, ...] = ()
    not_null: tuple[str, ...] = ()
    accepted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sql: str | None = None
    blocking: bool = True


@dataclass(frozen=True)
class Spec:
    """What the .yml beside a model says of it, as far as an engine needs it."""

    grain: tuple[str, ...]
    is_table: bool
    published: bool
    partition: str | None
    # Spark types by column, in order
    columns: dict[str, str]
    audits: tuple[Audit, ...]


def _audit(entry: dict) -> Audit:
    return Audit(
        unique=tuple(entry.get("unique", ())),
        not_null=tuple(entry.get("not_null", ())),
        accepted={name: tuple(str(value) for value in values) for name, values in entry.get("accepted", {}).items()},
        sql=entry.get("sql"),
        blocking=entry.get("blocking", True),
    )


def _stated(text: str, plain: str | None) -> dict:
    if plain is not None:
        return json.loads(plain) or {}
    # Only where the folder itself is read: a worker of Glue need not have it.
    import yaml

    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error


def read_spec(file: str, text: str, plain: str | None = None) -> Spec:
    """Reads a .yml, or the same as JSON (`plain`) where the build has made that; `invalid_model` names the file."""
    try:
        stated = _stated(text, plain)
        return Spec(
            grain=tuple(stated.get("grain", ())),
            is_table=stated.get("materialized", "view") == "table",
            published=stated.get("published", False),
            partition=stated.get("partition"),
            columns={name: TYPES[column["type"]] for name, column in stated.get("columns", {}).items()},
            audits=tuple(_audit(entry) for entry in stated.get("audits", ())),
        )
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise JobError("invalid_model", f"{file}: {type(error).__name__}") from error
