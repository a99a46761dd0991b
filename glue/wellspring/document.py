import json
import math
import re
from typing import Any


_SURROGATES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\[\s\S]"
)


class Members(dict):
    """A JSON object; of a name that stands twice the first value counts, and all are in `pairs`."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(reversed(pairs))
        self.pairs = pairs
        if len(self) == len(pairs):
            self.clear()
            self.update(pairs)


def _number(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _integer(text: str) -> int | str:
    return int(text) if len(text) < 4000 else text


def decode(content: bytes) -> str:
    """The text of a stored document; half a surrogate pair becomes the replacement character, as on the other engine."""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return _SURROGATES.sub(lambda found: "\\ufffd" if len(found[0]) == 6 else found[0], text)


def parse(text: str) -> Any:
    """A JSON text as values; ValueError when it is none. Bare NaN and Infinity are read as null."""
    try:
        return json.loads(
            text,
            object_pairs_hook=Members,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=lambda _: None,
        )
    except RecursionError as error:
        raise ValueError("too deep") from error


def write(value: Any) -> str:
    """A value as JSON text without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def text_at(value: Any, name: str) -> str | None:
    """A member as text, strings bare and everything else as JSON; None where there is none, or null."""
    found = value.get(name) if isinstance(value, dict) else None
    if found is None or isinstance(found, str):
        return found
    return write(found)
