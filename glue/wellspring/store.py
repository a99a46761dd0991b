from collections.abc import Iterable

from pyspark.sql import DataFrame

from wellspring.log import log
from wellspring.tables import Lake, Table, check_columns, find_changes, merge


def put(lake: Lake, table: Table, rows: DataFrame, scope: str = "true") -> int:
    """Makes the rows of `scope` be these and answers how many changed; without a change there is no commit."""
    check_columns(rows, table)
    lake.create(table)
    changed = find_changes(lake, table, rows, scope).count()
    if changed > 0:
        merge(lake, table)
    log(f"merged {table.name}", rows=changed)
    return changed


def changed_counts(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The tables that changed."""
    return {name: n for name, n in counts if n > 0}
