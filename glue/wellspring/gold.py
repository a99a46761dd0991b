from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from wellspring.audits import run_audits
from wellspring.batches import record_of, store_batch
from wellspring.bind import bind_everything
from wellspring.compare import compare
from wellspring.event import publish
from wellspring.history import keep_up
from wellspring.layout import BATCHES_TABLE, TAKEN_TABLE, gold_names, silver_names, table_of
from wellspring.log import log
from wellspring.models import Batch, bind_constants, run_models, settle
from wellspring.rebuild import outcome_of, tell_rebuild
from wellspring.runs import Opened, Runs
from wellspring.session import open_session
from wellspring.settings import Settings, read_settings
from wellspring.silver import new_batch_id
from wellspring.store import changed_counts
from wellspring.tables import Lake, Table, check_columns, find_changes, merge
from wellspring.telling import bind_told, write_told
from wellspring.workflow import rebuild_of, tell_run


def _announce_finished(runs: Runs, bus: str) -> list[Opened]:
    """Sends the event of runs that died between their record and their event; answers those that did not get that far."""
    unfinished = []
    for one in runs.opened():
        record = runs.finished(one.batch_id)
        if record is None:
            unfinished.append(one)
            continue
        publish(bus, one.batch_id, record["users"], record["days"])
        runs.close(one.batch_id)
        log("announced again", batch_id=one.batch_id)
    return unfinished


def _compute(lake: Lake, settings: Settings, batch: Batch) -> list[Table]:
    """Every stored model but silver's, bound under its name and audited, and `taken`."""
    spark, catalog = lake.spark, settings.catalog
    bind_constants(spark, catalog, batch)
    bind_everything(lake)
    kept = silver_names(settings.samples)
    for name in kept:
        settle(lake.read(name).select(*catalog.models[name].spec.columns), name)
    wanted = gold_names(catalog)
    names = run_models(spark, catalog, wanted, bound=["account_owners", *kept])
    run_audits(spark, catalog, names)
    log("modelled", models=len(names))
    settle(lake.read("objects").select(*TAKEN_TABLE.columns), TAKEN_TABLE.name)
    return [*(table_of(catalog, name) for name in wanted), TAKEN_TABLE]


def _find_changes(lake: Lake, tables: Sequence[Table]) -> dict[str, int]:
    counts = {}
    for table in tables:
        rows = lake.spark.table(table.name)
        check_columns(rows, table)
        lake.create(table)
        counts[table.name] = find_changes(lake, table, rows).count()
    return changed_counts(counts.items())


def run(settings: Settings) -> dict[str, Any] | None:
    """The marts, the run's record, and its event; answers the record, None when there was nothing to tell."""
    lake, runs = Lake(open_session(), settings.database, settings.lake), Runs(settings.lake)
    lake.create(BATCHES_TABLE)
    now, version = datetime.now(UTC), settings.version
    opened = _announce_finished(runs, settings.bus)
    is_outdated = lake.last_version() != version
    if not opened and not is_outdated:
        return None
    now_ms = int(now.timestamp() * 1000)
    mine = opened[-1] if opened else Opened(new_batch_id(now), now_ms, {}, version)
    tables = _compute(lake, settings, Batch(mine.batch_id, mine.started_ms))
    changed = _find_changes(lake, tables)
    told = bind_told(lake.spark, runs, tables, [one.batch_id for one in opened])
    # Models that change no row are noted too, or every run would compute them again. A batch others left is theirs: the next run notes ours.
    is_noted = is_outdated and mine.model_version == version
    is_news = bool(changed or told.lines or mine.tables or is_noted)
    if is_news:
        # From here on a run that dies is told of: the marker first, then what changes, then the tables.
        runs.open(mine)
        write_told(lake.spark, runs, mine.batch_id, tables, told)
    # What others were to tell is told by this one now. One that stayed would be told later under its older id, which readers have passed.
    for one in opened:
        if one is not mine:
            runs.discard(one.batch_id)
    if not is_news:
        runs.close(mine.batch_id)
        return None
    for table in tables:
        if table.name in changed:
            merge(lake, table)
            log(f"merged {table.name}", rows=changed[table.name])
    counts = {name: n for name, n in {**mine.tables, **changed, **told.lines}.items() if name != TAKEN_TABLE.name}
    record = record_of(lake.spark, mine, told.users, counts)
    store_batch(lake, record, mine.model_version)
    runs.finish(record)
    log("recorded", batch_id=mine.batch_id)
    publish(settings.bus, mine.batch_id, record["users"], record["days"])
    tell_run(settings, {"batch_id": mine.batch_id, **{name: str(n) for name, n in counts.items()}})
    runs.close(mine.batch_id)
    keep_up(lake, now_ms, settings.history_days)
    return record


def main(argv: Sequence[str]) -> None:
    settings = read_settings(argv)
    rebuild = rebuild_of(settings)
    if rebuild == "dry-run":
        tell_rebuild(settings, compare(settings))
        return
    record = run(settings)
    if rebuild == "apply":
        tell_rebuild(settings, outcome_of(record))
    log("gold done", batch_id=None if record is None else record["batch_id"])
