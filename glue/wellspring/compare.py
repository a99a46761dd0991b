from datetime import UTC, datetime
from typing import Any

from wellspring.aside import Aside
from wellspring.audits import run_audits
from wellspring.bind import bind_scope
from wellspring.differences import COUNTS, cells_of, difference_of
from wellspring.intake import take_in
from wellspring.layout import OBJECTS_TABLE, RECORDS_TABLE, SILVER, gold_names, rows_of, silver_names, table_of
from wellspring.log import log
from wellspring.models import Batch, bind_constants, run_models
from wellspring.owners import OWNERS
from wellspring.raw import list_keys
from wellspring.runs import Runs
from wellspring.session import open_session
from wellspring.settings import Settings
from wellspring.silver import new_batch_id
from wellspring.tables import check_columns, find_changes
from wellspring.telling import PASSING


def compare(settings: Settings) -> dict[str, Any]:
    """
    Makes everything anew from raw, what two jobs make otherwise, and answers how that differs from what is stored: rows by table. Some cells of
    each table are left below `runs/<batch>/changed/`; nothing is committed.
    """
    spark, catalog, runs = open_session(), settings.catalog, Runs(settings.lake)
    now = datetime.now(UTC)
    batch = Batch(new_batch_id(now), int(now.timestamp() * 1000))
    wanted = [*silver_names(settings.samples), *gold_names(catalog)]
    tables = [table_of(catalog, name) for name in (*SILVER, *gold_names(catalog))]
    layouts = {table.name: table for table in (OBJECTS_TABLE, RECORDS_TABLE, *tables)}
    lake = Aside(spark, settings.database, settings.lake, layouts)
    listed = list_keys(settings.raw)
    log("listed", objects=len(listed))
    bind_constants(spark, catalog, batch)
    intake = take_in(lake, settings, listed, batch.batch_id, anew=True)
    bind_scope(spark, intake.records)
    names = run_models(spark, catalog, wanted, bound=[OWNERS])
    run_audits(spark, catalog, names)
    log("modelled", models=len(names))
    differences: dict[str, dict[str, int]] = {}
    for table in tables:
        rows = rows_of(spark, table, settings.samples)
        check_columns(rows, table)
        if find_changes(lake, table, rows).isEmpty():
            continue
        differences[table.name] = difference_of(lake, table)
        # Marked as lines with values are: a rule of the bucket ends them. Without a record of the run nobody takes them for what it changed.
        runs.write_lines(batch.batch_id, f"changed/{table.name}.ndjson", cells_of(lake, table), PASSING)
        log(f"compared {table.name}", **differences[table.name])
    rows_by_kind = {kind: {name: one[kind] for name, one in differences.items() if one[kind] > 0} for kind in COUNTS}
    log("gold compared", batch_id=batch.batch_id)
    return {"outcome": "compared", "batch_id": batch.batch_id, "objects": len(listed), **rows_by_kind}
