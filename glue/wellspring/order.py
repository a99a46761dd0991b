from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from wellspring.errors import JobError

if TYPE_CHECKING:
    from wellspring.catalog import Model


def references_of(sql: str) -> list[str]:
    """Names read by a model, as often as they stand behind `from` and `join`; comments and literals aside."""
    bare = re.sub(r"'[^']*'", "''", re.sub(r"/\*[\s\S]*?\*/", " ", re.sub(r"--.*", " ", sql)))
    return [name.lower() for name in re.findall(r"\b(?:from|join)\s+([a-z_]\w*)", bare, re.IGNORECASE)]


def order_models(models: Mapping[str, Model], roots: Iterable[str], without: Iterable[str] = ()) -> list[Model]:
    """
    The models these need, each after those it reads. What is in `without` is bound already: neither it nor what only it needs.
    Cycles: `model_cycle`.
    """
    ordered: list[Model] = []
    done = set(without)

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in done or name not in models:
            return
        if name in trail:
            raise JobError("model_cycle", f"models read each other: {' -> '.join((*trail, name))}")
        for needed in sorted(set(references_of(models[name].sql)) - {name}):
            visit(needed, (*trail, name))
        done.add(name)
        ordered.append(models[name])

    for root in roots:
        visit(root, ())
    return ordered
