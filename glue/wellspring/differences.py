from collections.abc import Iterator
from typing import Any

from wellspring.lines import cell_of, text_of
from wellspring.tables import OUR_WORK, Lake, Table

# Rows of a table whose cells are shown, the first by their grain.
SHOWN = 20
# By these forgetting knows whose a line is.
WHOSE = ("user_id", "account")

COUNTS = {
    "added": "op = 'put' and not stored",
    "changed": "op = 'put' and stored",
    "removed": "op = 'gone'",
}


def difference_of(lake: Lake, table: Table) -> dict[str, int]:
    """What `changes_<table>` would do to its table, in rows."""
    counts = ", ".join(f"count_if({which}) as {kind}" for kind, which in COUNTS.items())
    return lake.spark.sql(f"select {counts} from changes_{table.name}").collect()[0].asDict()


def cells_of(lake: Lake, table: Table) -> Iterator[dict[str, Any]]:
    """
    Some cells `changes_<table>` would change, as lines of a run: `{"row": {<grain>, "column", "before", "after"}}`, also `user_id` or `account`
    where the table has it. Of a row that comes or goes those with a value.
    """
    keys = list(dict.fromkeys([*(name for name in WHOSE if name in table.columns), *table.grain]))
    compared = [name for name in table.columns if name not in table.grain and name not in OUR_WORK]
    lake.read(table.name).createOrReplaceTempView("stored_rows")
    order = ", ".join(table.grain)
    on = " and ".join(f"o.{name} <=> c.{name}" for name in table.grain)
    cells = [
        cell
        for name in compared
        for cell in (f"if(c.stored, o.{name}, null) as before_{name}", f"if(c.op = 'put', c.{name}, null) as after_{name}")
    ]
    changes = lake.spark.sql(
        f"select {', '.join([*(f'c.{name}' for name in keys), *cells])} "
        f"from (select * from changes_{table.name} order by {order} limit {SHOWN}) c left join stored_rows o on {on}"
    )
    shown = [text_of(name, table.columns[name]) for name in keys]
    shown += [text_of(f"{side}_{name}", table.columns[name]) for name in compared for side in ("before", "after")]
    for row in changes.orderBy(*table.grain).selectExpr(*shown).collect():
        key = {name: cell_of(row[name]) for name in keys}
        for name in compared:
            before, after = cell_of(row[f"before_{name}"]), cell_of(row[f"after_{name}"])
            if before != after:
                yield {"row": {**key, "column": name, "before": before, "after": after}}
