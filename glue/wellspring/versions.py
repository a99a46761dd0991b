from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from wellspring.order import order_models, references_of

if TYPE_CHECKING:
    from wellspring.catalog import Model


def versions_of(
    models: Mapping[str, Model], audits: Mapping[str, str], given: Mapping[str, str], hash_of: Callable[[list[str]], str]
) -> dict[str, str]:
    """The version of every model, reckoned as ports/engine/duckdb/versions.ts does; `given` has those of what is no model."""
    versions: dict[str, str] = {}
    for model in order_models(models, models):
        own = [model.sql, model.yml, *(audits.get(audit.sql or "", "") for audit in model.spec.audits)]
        read = sorted(set(references_of(model.sql)) - {model.name})
        behind = [word for name in read for word in (name, versions.get(name) or given.get(name) or "")]
        versions[model.name] = hash_of([*own, *behind])
    return versions
