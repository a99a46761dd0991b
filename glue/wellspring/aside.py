from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame

from wellspring.tables import Lake, Table


@dataclass(frozen=True)
class Aside(Lake):
    """The same tables, none of which is made or changed: one that is not there has no rows, and what it does not have of its columns is null."""

    layouts: Mapping[str, Table]

    def create(self, table: Table) -> None:
        pass

    def read(self, table: str) -> DataFrame:
        layout = self.layouts[table]
        is_there = self.spark.catalog.tableExists(self.name_of(table))
        lacking = self.gained(layout) if is_there else layout.columns
        cells = [f"cast(null as {lacking[name]}) as {name}" if name in lacking else name for name in layout.columns]
        return super().read(table).selectExpr(*cells) if is_there else self.spark.range(0).selectExpr(*cells)
