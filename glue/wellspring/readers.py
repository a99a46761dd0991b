import csv
import io
import re
from dataclasses import dataclass
from typing import Literal

from wellspring.errors import JobError


@dataclass(frozen=True)
class Condition:
    """`name=value`, `name!=value`, `name` (there) or `!name` (absent)."""

    name: str
    op: Literal["=", "!=", "there", "absent"]
    value: str = ""


@dataclass(frozen=True)
class Identity:
    """One of the ways to a key: (name, may be missing) each; `numbered`: the occurrence number is part of it."""

    fields: tuple[tuple[str, bool], ...]
    numbered: bool


@dataclass(frozen=True)
class Step:
    """Names to walk, then every element of a list or every entry of a map."""

    names: tuple[str, ...]
    over: Literal["list", "map"]


@dataclass(frozen=True)
class Reader:
    """One line of records.csv; without `steps` (None) the type has nothing to read, with () the payload is the one record."""

    type: str
    entity: str
    steps: tuple[Step, ...] | None
    where: tuple[Condition, ...]
    carry: tuple[str, ...]
    identity: tuple[Identity, ...]
    replaces: str
    version: str
    grows: str
    date: str


def _steps(path: str) -> tuple[Step, ...] | None:
    if path == "":
        return None
    if not re.fullmatch(r"\$((\.[A-Za-z_]\w*)*(\[\*\]|\{\*\}))*", path) or re.search(r"\{\*\}.", path):
        raise JobError("invalid_model", f"records.csv: the path {path} is not understood")
    found = re.findall(r"((?:\.\w+)*)(\[\*\]|\{\*\})", path[1:])
    return tuple(
        Step(tuple(name for name in names.split(".") if name != ""), "list" if over == "[*]" else "map")
        for names, over in found
    )


def _condition(text: str) -> Condition:
    equality = re.fullmatch(r"([^!=]+)(!?=)(.*)", text)
    if equality is not None:
        return Condition(equality[1], "=" if equality[2] == "=" else "!=", equality[3])
    return Condition(text[1:], "absent") if text.startswith("!") else Condition(text, "there")


def _identity(text: str) -> Identity:
    names = text.split()
    fields = tuple((name.removesuffix("?"), name.endswith("?")) for name in names if name != "#")
    return Identity(fields, "#" in names)


def read_readers(text: str) -> tuple[Reader, ...]:
    """The lines of records.csv."""
    return tuple(
        Reader(
            type=row["type"],
            entity=row["entity"],
            steps=_steps(row["path"]),
            where=tuple(_condition(word) for word in row["where"].split()),
            carry=tuple(row["carry"].split()),
            identity=tuple(_identity(way) for way in row["identity"].split(" | ")),
            replaces=row["replaces"],
            version=row["version"],
            grows=row["grows"],
            date=row["date"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )
