from collections.abc import Mapping
from typing import Any

from wellspring.settings import Settings
from wellspring.workflow import tell_run


def tell_rebuild(settings: Settings, outcome: Mapping[str, str | int | Mapping[str, int]]) -> None:
    """
    Puts ids and counts of a rebuild into the properties of the run under the names the engine `small` has for them (glue/small.py), because
    whoever asked reads one answer, of whichever engine: `small_objects`, `small_tables_daily_metrics`.
    """
    figures = {}
    for name, value in outcome.items():
        parts = value if isinstance(value, Mapping) else {"": value}
        figures.update({f"small_{name}_{part}".rstrip("_"): str(one) for part, one in parts.items()})
    tell_run(settings, figures)


def outcome_of(record: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a run that rebuilt came to, by its record; without one it had nothing to change."""
    if record is None:
        return {"outcome": "idle"}
    return {"outcome": "published", "batch_id": record["batch_id"], "tables": record["tables"]}
