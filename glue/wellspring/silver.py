import random
import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from wellspring.audits import run_audits
from wellspring.bind import bind_everything
from wellspring.intake import take_in
from wellspring.layout import BATCHES_TABLE, OBJECTS_TABLE, OWNERS_TABLE, RECORDS_TABLE, SILVER, rows_of, silver_names, table_of
from wellspring.log import log
from wellspring.models import Batch, bind_constants, run_models
from wellspring.owners import OWNERS
from wellspring.raw import list_keys
from wellspring.rebuild import tell_rebuild
from wellspring.runs import Opened, Runs
from wellspring.session import open_session
from wellspring.settings import Settings, read_settings
from wellspring.store import changed_counts, put
from wellspring.tables import Lake
from wellspring.workflow import rebuild_of, tell_run


def new_batch_id(now: datetime) -> str:
    """Ids of batches sort by time."""
    return f"b_{now:%Y%m%dt%H%M%Sz}_{''.join(random.choices(string.ascii_lowercase, k=6))}"


def is_up_to_date(lake: Lake, settings: Settings, listed: Sequence[str]) -> bool:
    """Whether all that is listed was read by these lines, and the last batch was made by these models: then there is nothing to compute."""
    version = settings.catalog.readers_version
    known = {row[0] for row in lake.read("objects").where(f"readers_version = '{version}'").select("raw_key").collect()}
    return known == set(listed) and lake.read("objects").count() == len(known) and lake.last_version() == settings.version


def run(settings: Settings, anew: bool) -> dict[str, int]:
    """
    Objects and records of raw, whose they are, observations and samples; answers the tables that changed and by how many rows. With `anew` all of
    raw is read, whatever was read of it before.
    """
    lake = Lake(open_session(), settings.database, settings.lake)
    runs = Runs(settings.lake)
    now = datetime.now(UTC)
    batch_id, started_ms = new_batch_id(now), int(now.timestamp() * 1000)
    for table in (OBJECTS_TABLE, RECORDS_TABLE, OWNERS_TABLE, BATCHES_TABLE):
        lake.create(table)
    catalog = settings.catalog
    # Also those this stack keeps empty: whoever asks for them is to find a table.
    for name in SILVER:
        lake.create(table_of(catalog, name))
    listed = list_keys(settings.raw)
    log("listed", objects=len(listed))
    if anew:
        tell_rebuild(settings, {"objects": len(listed)})
    elif not runs.opened() and is_up_to_date(lake, settings, listed):
        return {}
    bind_constants(lake.spark, catalog, Batch(batch_id, started_ms))
    intake = take_in(lake, settings, listed, batch_id, anew)
    # Before the first commit: what this run changes is told, whatever becomes of it.
    mine = Opened(batch_id, started_ms, {}, settings.version)
    runs.open(mine)
    affected = "raw_key in (select raw_key from affected)"
    facts = {
        "records": put(lake, RECORDS_TABLE, intake.records, affected),
        OWNERS: put(lake, OWNERS_TABLE, lake.spark.table(OWNERS)),
        # Last: an object that stands here is not read again.
        "objects": put(lake, OBJECTS_TABLE, intake.objects),
    }
    bind_everything(lake)
    wanted = silver_names(settings.samples)
    names = run_models(lake.spark, catalog, wanted, bound=[OWNERS])
    run_audits(lake.spark, catalog, names)
    log("modelled", models=len(names))
    tables = [table_of(catalog, name) for name in SILVER]
    marts = {table.name: put(lake, table, rows_of(lake.spark, table, settings.samples)) for table in tables}
    changed = changed_counts([*facts.items(), *marts.items()])
    if changed:
        runs.open(replace(mine, tables=changed))
    elif not anew:
        # Of a rebuild the mark stays: by it the last job, also that of a later run, computes what it has not been told of.
        runs.close(batch_id)
    return changed


def main(argv: Sequence[str]) -> None:
    settings = read_settings(argv)
    rebuild = rebuild_of(settings)
    if rebuild == "dry-run":
        # The last job does this one's part, too: what one hands to the other is stored, and nothing is to be.
        log("silver left out")
        return
    changed = run(settings, anew=rebuild == "apply")
    tell_run(settings, {f"silver_{name}": str(rows) for name, rows in changed.items()})
    log("silver done", tables=changed)
