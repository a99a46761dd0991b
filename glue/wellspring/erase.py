from collections.abc import Sequence
from dataclasses import dataclass

from wellspring.arguments import read_arguments, read_flag, read_instant, read_list, read_name, read_place
from wellspring.errors import JobError
from wellspring.history import drop_history
from wellspring.log import log
from wellspring.session import open_session
from wellspring.tables import Lake

REQUIRED = ("LAKE", "DATABASE", "IDLE_AT")
OPTIONAL = {"USERS": "", "ACCOUNTS": "", "DRY_RUN": "false"}


@dataclass(frozen=True)
class Erasure:
    """Whose rows are to be as if they had never been."""

    users: list[str]
    accounts: list[str]
    # Unix ms: no other job ran then
    idle_ms: int


def _condition(columns: Sequence[str], erasure: Erasure) -> str | None:
    """The rows of a table that are theirs; None for a table that is about nobody."""
    wanted = {"user_id": erasure.users, "account": erasure.accounts}
    parts = [
        f"{column} in ({', '.join(literal_of(value) for value in values)})"
        for column, values in wanted.items()
        if column in columns and values
    ]
    return " or ".join(parts) if parts else None


def literal_of(value: str) -> str:
    """A name as a literal; what has a quote in it is none of our ids."""
    if "'" in value or "\\" in value:
        raise JobError("invalid_arguments", "--USERS or --ACCOUNTS holds what is no id")
    return f"'{value}'"


def run(lake: Lake, erasure: Erasure, is_dry: bool) -> dict[str, int]:
    """Takes these people and accounts out of every table with all of its history; answers the rows by table. Safe to repeat."""
    spark = lake.spark
    counts = {}
    for table in sorted(lake.tables()):
        theirs = _condition(lake.read(table).columns, erasure)
        if theirs is None:
            continue
        found = lake.read(table).where(theirs).count()
        if found > 0:
            counts[table] = found
        if is_dry:
            continue
        if found > 0:
            spark.sql(f"delete from {lake.name_of(table)} where {theirs}")
        # Also where there is no row now: an erasure that died may have left its history.
        log(f"erased {table}", rows=found, files=drop_history(lake, table, erasure.idle_ms))
    return counts


def main(argv: Sequence[str]) -> None:
    given = read_arguments(argv, REQUIRED, OPTIONAL)
    idle_ms = read_instant("IDLE_AT", given["IDLE_AT"])
    erasure = Erasure(read_list(given["USERS"]), read_list(given["ACCOUNTS"]), idle_ms)
    if not erasure.users and not erasure.accounts:
        raise JobError("invalid_arguments", "neither --USERS nor --ACCOUNTS names anybody")
    is_dry = read_flag("DRY_RUN", given["DRY_RUN"])
    lake = Lake(open_session(), read_name("DATABASE", given["DATABASE"]), read_place("LAKE", given["LAKE"]))
    log("erase done", dry_run=is_dry, tables=run(lake, erasure, is_dry))
