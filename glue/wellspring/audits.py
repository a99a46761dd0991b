from collections.abc import Iterable

from pyspark.sql import SparkSession

from wellspring.catalog import Catalog, Model
from wellspring.errors import JobError, failing
from wellspring.log import log
from wellspring.spec import Audit


def checks_of(catalog: Catalog, model: Model, audit: Audit) -> dict[str, str]:
    """Selects of the rows that should not be, by what they are called."""
    checks = {}
    if audit.unique:
        columns = ", ".join(audit.unique)
        checks[f"unique {columns}"] = f"select {columns} from {model.name} group by {columns} having count(*) > 1"
    for name in audit.not_null:
        checks[f"not_null {name}"] = f"select 1 from {model.name} where {name} is null"
    for name, values in audit.accepted.items():
        texts = ", ".join(f"'{value}'" for value in values)
        checks[f"accepted {name}"] = f"select 1 from {model.name} where cast({name} as string) not in ({texts})"
    if audit.sql is not None:
        sql = catalog.audits.get(audit.sql)
        if sql is None:
            raise JobError("invalid_model", f"{model.name}: there is no audit {audit.sql}")
        checks[audit.sql] = sql.strip().removesuffix(";")
    return checks


def run_audits(spark: SparkSession, catalog: Catalog, names: Iterable[str]) -> None:
    """
    Runs the audits of these models on the rows just computed; of blocking ones that find any: `audit_failed`, and nothing is published.
    """
    checks = [
        (audit.blocking, name, check, bad)
        for name in names
        if name in catalog.models
        for audit in catalog.models[name].spec.audits
        for check, bad in checks_of(catalog, catalog.models[name], audit).items()
    ]
    if not checks:
        return
    # One statement for all of them: each alone costs a job.
    counts = " union all ".join(
        f"select {at} as at, count(*) as n from ({bad}) bad" for at, (_, _, _, bad) in enumerate(checks)
    )
    with failing("audit_failed", f"an audit of {', '.join(dict.fromkeys(name for _, name, _, _ in checks))}"):
        found_rows = spark.sql(f"select at, n from ({counts}) c where n > 0 order by at").collect()
    for at, found in found_rows:
        blocking, name, check, _ = checks[at]
        if blocking:
            raise JobError("audit_failed", f'{name}: the audit "{check}" found {found} rows; the tables are those of before')
        log("audit", model=name, check=check, rows=found)
