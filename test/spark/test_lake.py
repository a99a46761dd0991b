import json
import traceback
import unittest
from datetime import UTC, datetime
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from wellspring import erase, history
from wellspring.arguments import Place
from wellspring.audits import run_audits
from wellspring.catalog import read_catalog
from wellspring.errors import JobError, failing
from wellspring.job import run_job
from wellspring.lines import lines_of
from wellspring.models import run_models
from wellspring.tables import Lake, Table, merge

RECORDS = {"records.csv": "type,entity,path,where,carry,identity,replaces,version,grows,date\n"}
IDLE_MS = 1_763_800_000_000


class Orphans(unittest.TestCase):
    def test_what_no_snapshot_names_goes_but_not_what_a_run_may_be_about_to_commit(self) -> None:
        ages = {"named": -60, "left": -60, "fresh": 1}
        keys = {name: f"tables/meals/data/{name}.parquet" for name in ages}
        times = {name: datetime.fromtimestamp(IDLE_MS / 1000 + seconds, UTC) for name, seconds in ages.items()}
        spark = MagicMock()
        # No manifest tells of files that are gone; the metadata name one.
        spark.sql.side_effect = lambda sql: MagicMock(
            collect=lambda: [] if "deleted_data_files_count" in sql else [(f"s3://lake/{keys['named']}",)]
        )
        removed: list[str] = []
        pages = [{"Contents": [{"Key": keys[name], "LastModified": times[name]} for name in ages]}]
        client = SimpleNamespace(
            get_paginator=lambda _: SimpleNamespace(paginate=lambda **_: pages),
            delete_object=lambda Bucket, Key: removed.append(Key),
        )
        with patch.object(history.boto3, "client", lambda _: client):
            self.assertEqual(history.drop_history(Lake(spark, "health", Place("lake", "")), "meals", IDLE_MS), 1)
        self.assertEqual(removed, [keys["left"]])

    def test_an_erasure_that_is_not_told_when_nobody_wrote_is_refused(self) -> None:
        for given, said in (([], "missing: --IDLE_AT"), (["--IDLE_AT", "soon"], "--IDLE_AT is no instant")):
            with self.assertRaisesRegex(JobError, said):
                erase.main(["--LAKE", "s3://lake/", "--DATABASE", "health", "--USERS", "u_a", *given])


class MeantException(PySparkException):
    """One of those Spark gives a class of its own."""


class Failing(unittest.TestCase):
    def test_a_model_that_fails_is_named_and_nothing_of_its_rows_is_said(self) -> None:
        catalog = read_catalog({**RECORDS, "rates.sql": "select 1 as n"})
        thrown = MagicMock(_target_id="o1")
        thrown.getClass.return_value.getSimpleName.return_value = "SparkException"
        for error, kind in (
            (Py4JJavaError("the value 71.9", thrown), "SparkException"),
            (MeantException("the value 71.9"), "MeantException"),
        ):
            with self.assertRaises(JobError) as ended:
                run_models(MagicMock(sql=MagicMock(side_effect=error)), catalog, ["rates"])
            told = "".join(traceback.format_exception(ended.exception))
            self.assertIn(f"model_failed: the model rates failed: {kind}", told)
            self.assertNotIn("71.9", told)


class Audits(unittest.TestCase):
    CATALOG = read_catalog(
        {
            **RECORDS,
            "meals.sql": "select 1 as meal_id, 'tea' as kind",
            "meals.yml": "grain: [meal_id]\nmaterialized: table\ncolumns: { meal_id: { type: int }, kind: { type: text } }\n"
            "audits:\n  - unique: [meal_id]\n  - not_null: [meal_id]\n  - accepted: { kind: [tea] }\n    blocking: false\n",
        }
    )

    def run_finding(self, *found: tuple[int, int]) -> tuple[str, list[str]]:
        spark, lines = MagicMock(), []
        spark.sql.return_value.collect.return_value = found
        with patch("wellspring.log.print", lambda text, **_: lines.append(text), create=True):
            run_audits(spark, self.CATALOG, ["meals"])
        return spark.sql.call_args.args[0], lines

    def test_what_a_row_says_of_itself_is_counted_in_one_reading(self) -> None:
        sql, _ = self.run_finding()
        rows = "select count_if(meal_id is null) as n_1, count_if(cast(kind as string) not in ('tea')) as n_2 from meals"
        self.assertEqual(
            sql,
            "select at, n from (select 0 as at, count(*) as n from (select meal_id from meals group by meal_id having count(*) > 1) bad "
            f"union all select stack(2, 1, n_1, 2, n_2) as (at, n) from ({rows}) counted) c where n > 0",
        )

    def test_the_first_that_blocks_ends_the_run_by_its_name(self) -> None:
        with self.assertRaisesRegex(JobError, '^audit_failed: meals: the audit "not_null meal_id" found 3 rows'):
            self.run_finding((2, 1), (1, 3))

    def test_one_that_does_not_block_is_told(self) -> None:
        _, lines = self.run_finding((2, 1))
        self.assertEqual([json.loads(line) for line in lines], [{"step": "audit", "model": "meals", "check": "accepted kind", "rows": 1}])


class Told(unittest.TestCase):
    def test_the_table_whose_commit_fails_is_named(self) -> None:
        spark = MagicMock()
        spark.sql.side_effect = MeantException("the value 71.9")
        with self.assertRaisesRegex(JobError, "^merge_failed: the commit of meals failed: MeantException$"):
            merge(Lake(spark, "health", Place("lake", "")), Table("meals", {"meal_id": "string"}, ("meal_id",)))

    def test_an_object_a_worker_could_not_read_is_named(self) -> None:
        with self.assertRaisesRegex(JobError, "^object_failed: raw/a.json: KeyError$"), failing("read_failed", "reading"):
            raise MeantException("Traceback …\nwellspring.errors.JobError: object_failed: raw/a.json: KeyError\n\tat org.apache")

    def test_a_column_that_is_stored_as_another_type_is_named_and_one_that_is_new_is_added(self) -> None:
        stored = [SimpleNamespace(name="n", dataType=SimpleNamespace(simpleString=lambda: "int"))]
        spark = MagicMock()
        spark.table.return_value.schema = stored
        lake = Lake(spark, "health", Place("lake", ""))
        with self.assertRaisesRegex(JobError, "schema_mismatch: t: n is stored as int and is to be bigint"):
            lake.create(Table("t", {"n": "bigint"}, ("n",)))
        lake.create(Table("t", {"n": "int", "m": "double"}, ("n",)))
        self.assertEqual(spark.sql.call_args.args[0], "alter table lake.health.t add columns (m double)")

    def test_a_job_that_fails_says_so_in_a_line_and_ends_as_failed(self) -> None:
        lines: list[str] = []

        def work(_: object) -> None:
            raise JobError("audit_failed", "meals: 3 rows")

        with patch("wellspring.log.print", lambda text, **_: lines.append(text), create=True), self.assertRaises(JobError):
            run_job("gold", work, [])
        self.assertEqual(json.loads(lines[0]), {"step": "gold failed", "code": "audit_failed", "error": "audit_failed: meals: 3 rows"})


class Lines(unittest.TestCase):
    def test_an_integer_no_double_holds_for_certain_is_a_text(self) -> None:
        table = Table("t", {"n": "bigint"}, ("n",))
        rows = [SimpleNamespace(asDict=lambda n=n: {"n": n, "there": True}) for n in (2**53 - 1, 2**53)]
        frame = MagicMock()
        frame.selectExpr.return_value.toLocalIterator.return_value = iter(rows)
        self.assertEqual([line["row"]["n"] for line in lines_of(table, frame)], [2**53 - 1, str(2**53)])


if __name__ == "__main__":
    unittest.main()
