from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from wellspring.document import text_at, write
from wellspring.readers import Condition, Identity, Reader, Step
from wellspring.walk import Element, at, escaped, walks_of

# The entity of what is no record: something else where a reader walks through a list or an object.
MISSHAPEN = "misshapen"


class Record(NamedTuple):
    """The columns of `records` (models/README.md) that come from the payload."""

    entity: str
    pointer: str
    parent: str | None
    key: str | None
    record: str
    carried: str


def _holds(condition: Condition, value: str | None) -> bool:
    if condition.op == "there":
        return value is not None
    if condition.op == "absent":
        return value is None
    return (value == condition.value) == (condition.op == "=")


def _way(identity: Sequence[Identity], field: Callable[[str], str | None]) -> tuple[list[str | None], bool] | None:
    """The values of the first alternative that is complete, and whether it is numbered."""
    for way in identity:
        values = [field(name) for name, _ in way.fields]
        needed = [value for value, (_, optional) in zip(values, way.fields, strict=True) if not optional]
        found = any(value is not None for value in values) or not values
        if all(value is not None for value in needed) and (needed or found):
            return values, way.numbered
    return None


def _carried(reader: Reader, element: Element) -> dict[str, Any]:
    if not reader.steps:
        return {}
    return {name: element.fields[name] for name in reader.carry if name in element.fields}


def _records_of(reader: Reader, elements: Sequence[Element]) -> list[Record]:
    is_map = bool(reader.steps) and reader.steps[-1].over == "map"
    occurrences: Counter[str] = Counter()
    records = []
    for element in elements:
        carried = _carried(reader, element)

        def field(name: str, element: Element = element, carried: dict[str, Any] = carried) -> str | None:
            if is_map:
                return element.key if name == "key" else text_at(carried, name)
            own = text_at(element.value, name)
            return own if own is not None or name not in reader.carry else text_at(carried, name)

        if not all(_holds(condition, field(condition.name)) for condition in reader.where):
            continue
        way = _way(reader.identity, field)
        key = None
        if way is not None:
            values, numbered = way
            base = write(values)
            occurrences[base] += 1
            key = write([*values, occurrences[base]]) if numbered else base
        records.append(Record(reader.entity, element.pointer, element.parent, key, write(element.value), write(carried)))
    return records


def _is_shaped(value: Any, over: str) -> bool:
    """What is empty or missing holds nothing, so nothing of it is lost."""
    return value is None or isinstance(value, list if over == "list" else dict) or value in ([], {})


def _misshapen(elements: Sequence[Element], step: Step, are_records: bool) -> list[Record]:
    found = []
    for element in elements:
        depths = [] if not step.names else list(range(1 if are_records else 0, len(step.names) + 1))
        for depth in depths:
            names = step.names[:depth]
            over = "list" if depth == len(step.names) and step.over == "list" else "map"
            value = at(element.value, names)
            if not _is_shaped(value, over):
                pointer = element.pointer + "".join(f"/{escaped(name)}" for name in names)
                found.append(Record(MISSHAPEN, pointer, None, None, write(value), "{}"))
    return found


def read_records(document: Any, readers: Sequence[Reader]) -> list[Record]:
    """The records of a document by the lines of its type, and what stands where a list or an object should be."""
    readable = [reader for reader in readers if reader.steps is not None]
    walks = walks_of(document, readable)
    records = [record for reader in readable for record in _records_of(reader, walks[reader.steps or ()])]
    for steps in walks:
        if steps:
            are_records = len(steps) > 1 and any(reader.steps == steps[:-1] for reader in readable)
            records += _misshapen(walks[steps[:-1]], steps[-1], are_records)
    # two lines that begin alike find the same
    return list(dict.fromkeys(records))
