from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wellspring.document import Members
from wellspring.readers import Reader, Step

# Attributes of the envelope every object has: never a fallback for a field of the provider's.
STANDARD = {"specversion", "id", "source", "type", "subject", "time", "data", "data_base64", "sha256"}


@dataclass(frozen=True)
class Element:
    """One element on the way of a path."""

    value: Any
    pointer: str
    parent: str | None
    # The place in order: the index at every step.
    place: tuple[int, ...]
    # The key of an entry of a map.
    key: str | None
    # What is carried into it, the nearest enclosing object first.
    fields: dict[str, Any]


def escaped(name: str) -> str:
    """A name as RFC 6901 writes it."""
    return name.replace("~", "~0").replace("/", "~1")


def at(value: Any, names: Sequence[str]) -> Any:
    """What stands behind these names, None where the way ends before."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def root(document: Any, names: Sequence[str]) -> Element:
    """The payload itself; attributes of the envelope are carried into it."""
    attributes = {name: document.get(name) for name in names if name not in STANDARD}
    fields = {name: value for name, value in attributes.items() if value is not None}
    return Element(at(document, ["data"]), "", None, (), None, fields)


def _carried(element: Element, step: Step, names: Sequence[str]) -> dict[str, Any]:
    fields = dict(element.fields)
    enclosing = [at(element.value, step.names[:depth]) for depth in range(len(step.names))]
    for name in names:
        for value in enclosing:
            found = at(value, [name])
            if found is not None:
                fields[name] = found
    return fields


def _entry(key: str, value: Any) -> Members:
    return Members([("key", key), ("value", value)])


def enter(element: Element, step: Step, names: Sequence[str], is_first: bool) -> list[Element]:
    """The elements of one step from an element; none where something else stands there."""
    holder = at(element.value, step.names)
    fields = _carried(element, step, names)
    if step.over == "list":
        items = [(str(index), None, item) for index, item in enumerate(holder)] if isinstance(holder, list) else []
    else:
        items = [(escaped(key), key, _entry(key, item)) for key, item in holder.pairs] if isinstance(holder, dict) else []
    below = "".join(f"/{escaped(name)}" for name in step.names)
    return [
        Element(
            value=item,
            pointer=f"{element.pointer}{below}/{index}",
            parent=None if is_first else element.pointer,
            place=(*element.place, number),
            key=key,
            fields=fields,
        )
        for number, (index, key, item) in enumerate(items)
    ]


def walks_of(document: Any, readers: Sequence[Reader]) -> dict[tuple[Step, ...], list[Element]]:
    """The elements at the end of every path, and of every beginning of one, that readers of one type walk."""
    names = list(dict.fromkeys(name for reader in readers for name in reader.carry))
    walks: dict[tuple[Step, ...], list[Element]] = {(): [root(document, names)]}
    for reader in readers:
        for level, step in enumerate(reader.steps or ()):
            steps = (reader.steps or ())[: level + 1]
            if steps not in walks:
                came = walks[steps[:-1]]
                walks[steps] = [found for one in came for found in enter(one, step, names, level == 0)]
    return walks
