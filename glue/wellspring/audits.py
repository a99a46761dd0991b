from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import SparkSession

from wellspring.catalog import Catalog, Model
from wellspring.errors import JobError, failing
from wellspring.log import log
from wellspring.spec import Audit


@dataclass(frozen=True)
class Check:
    """A part of an audit: `bad` is what a row that should not be says of itself, or a select of such rows."""

    model: str
    name: str
    blocking: bool
    bad: str
    is_select: bool = False


def checks_of(catalog: Catalog, model: Model, audit: Audit) -> list[Check]:
    """The checks of one audit; `invalid_model` when it names a file that is not there."""
    checks = []
    if audit.unique:
        columns = ", ".join(audit.unique)
        twice = f"select {columns} from {model.name} group by {columns} having count(*) > 1"
        checks.append(Check(model.name, f"unique {columns}", audit.blocking, twice, is_select=True))
    for name in audit.not_null:
        checks.append(Check(model.name, f"not_null {name}", audit.blocking, f"{name} is null"))
    for name, values in audit.accepted.items():
        texts = ", ".join(f"'{value}'" for value in values)
        checks.append(Check(model.name, f"accepted {name}", audit.blocking, f"cast({name} as string) not in ({texts})"))
    if audit.sql is not None:
        sql = catalog.audits.get(audit.sql)
        if sql is None:
            raise JobError("invalid_model", f"{model.name}: there is no audit {audit.sql}")
        checks.append(Check(model.name, audit.sql, audit.blocking, sql.strip().removesuffix(";"), is_select=True))
    return checks


def count_bad(checks: list[Check]) -> str:
    """One select for all of them, each alone would cost a job: `at`, the place of the check, and `n`, how many rows it found, where any."""
    counts = [f"select {at} as at, count(*) as n from ({one.bad}) bad" for at, one in enumerate(checks) if one.is_select]
    # What a row says of itself is counted in one reading of the rows.
    for model in dict.fromkeys(one.model for one in checks if not one.is_select):
        mine = [(at, one.bad) for at, one in enumerate(checks) if one.model == model and not one.is_select]
        columns = ", ".join(f"count_if({bad}) as n_{at}" for at, bad in mine)
        pairs = ", ".join(f"{at}, n_{at}" for at, _ in mine)
        counts.append(f"select stack({len(mine)}, {pairs}) as (at, n) from (select {columns} from {model}) counted")
    return f"select at, n from ({' union all '.join(counts)}) c where n > 0"


def run_audits(spark: SparkSession, catalog: Catalog, names: Iterable[str]) -> None:
    """
    Runs the audits of these models on the rows just computed; of blocking ones that find any: `audit_failed`, and nothing is published.
    """
    models = [catalog.models[name] for name in names if name in catalog.models]
    checks = [check for model in models for audit in model.spec.audits for check in checks_of(catalog, model, audit)]
    if not checks:
        return
    with failing("audit_failed", f"an audit of {', '.join(dict.fromkeys(one.model for one in checks))}"):
        found_rows = sorted(tuple(row) for row in spark.sql(count_bad(checks)).collect())
    for at, found in found_rows:
        one = checks[at]
        if one.blocking:
            raise JobError("audit_failed", f'{one.model}: the audit "{one.name}" found {found} rows; the tables are those of before')
        log("audit", model=one.model, check=one.name, rows=found)
