import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from wellspring.document import decode, parse, text_at
from wellspring.readers import Reader

NOBODY = "a_unknown"


@dataclass(frozen=True)
class RawObject:
    """A row of `objects` (models/README.md), without the batch that took it in."""

    raw_key: str
    raw_sha256: str
    delivery_id: str
    provider: str
    account: str
    type: str
    received_ms: int
    bytes: int
    receiver: str | None
    covers_from: str | None
    covers_to: str | None
    problem: str | None
    problem_detail: str | None

    def row(self) -> tuple[Any, ...]:
        return tuple(asdict(self).values())


def has_element(data: Any) -> bool:
    """Whether an element or a value stands in it: without one nobody is meant, the address was only tried."""
    if isinstance(data, dict):
        return any(
            has_element(value) if isinstance(value, (dict, list)) else value is not None for value in data.values()
        )
    return isinstance(data, list) and len(data) > 0


def _milliseconds(text: str | None) -> int | None:
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    zoned = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return round(zoned.timestamp() * 1000)


def _problem(
    document: Any, is_json: bool, account: str, kind: str, readers: Iterable[Reader]
) -> tuple[str | None, str | None]:
    data = document.get("data") if isinstance(document, dict) else None
    lines = [reader for reader in readers if reader.type == kind]
    if not is_json:
        return "malformed", "the stored document is not JSON"
    if _milliseconds(text_at(document, "time")) is None:
        return "malformed", "the document names no receive time"
    if account == NOBODY and (has_element(data) or not isinstance(data, (dict, list, type(None)))):
        return "no_account", "an element names no account"
    if account == NOBODY and isinstance(data, (dict, list)):
        return None, None
    if not lines:
        return "no_reader", f"no reader for type {kind}"
    if any(reader.steps is not None for reader in lines) and not isinstance(data, (dict, list)):
        return "malformed", "the data are not a JSON object or list"
    return None, None


def read_envelope(key: str, content: bytes, readers: Iterable[Reader]) -> tuple[RawObject, Any]:
    """What the envelope of a stored document says, and the document; what it does not say is taken from its key."""
    text = decode(content)
    try:
        document, is_json = parse(text), True
    except ValueError:
        document, is_json = None, False
    path = [*key.split("/"), "", "", "", "", ""]
    name = re.match(r"(.*)-[0-9a-f]{64}", path[4])
    sha256 = re.search(r"-([0-9a-f]{64})", key)
    account = text_at(document, "subject") or path[3]
    kind = text_at(document, "type") or f"{path[2]}.{name[1] if name else ''}"
    problem, detail = _problem(document, is_json, account, kind, readers)
    received = _milliseconds(text_at(document, "time"))
    told = RawObject(
        raw_key=key,
        raw_sha256=text_at(document, "sha256") or (sha256[1] if sha256 else ""),
        delivery_id=re.sub(r"/[0-9]+$", "", text_at(document, "id") or key),
        provider=re.sub(r"^wellspring/", "", text_at(document, "source") or path[2]),
        account=account,
        type=kind,
        received_ms=received if received is not None else _milliseconds(path[1]) or 0,
        bytes=len(text.encode("utf-8", "replace")),
        receiver=text_at(document, "receiver"),
        covers_from=text_at(document, "coversfrom"),
        covers_to=text_at(document, "coversto"),
        problem=problem,
        problem_detail=detail,
    )
    return told, document
