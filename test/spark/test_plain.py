import subprocess
import sys
import unittest
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import patch

from wellspring import event
from wellspring.arguments import read_arguments, read_flag, read_list, read_name, read_place
from wellspring.audits import checks_of
from wellspring.catalog import read_catalog, texts_of_folder, texts_of_zip
from wellspring.errors import JobError
from wellspring.layout import BATCHES_TABLE
from wellspring.order import order_models, references_of
from wellspring.runs import instant
from wellspring.silver import new_batch_id
from wellspring.spec import read_spec

MODELS = read_catalog(texts_of_folder(Path(__file__).parents[2] / "models"))
RECORDS = {"records.csv": "type,entity,path,where,carry,identity,replaces,version,grows,date\n"}


class Packed(unittest.TestCase):
    def test_what_the_build_packs_is_read_without_anything_that_reads_yaml_and_says_the_same(self) -> None:
        root = Path(__file__).parents[2]
        with TemporaryDirectory() as place:
            subprocess.run(["node", "bin/build.mjs", place, "models.zip"], cwd=root, check=True, capture_output=True)
            packed = (Path(place) / "models.zip").read_bytes()
        with patch.dict(sys.modules, {"yaml": None}):
            self.assertEqual(read_catalog(texts_of_zip(packed)), MODELS)


class Arguments(unittest.TestCase):
    def test_both_forms_are_read_and_the_names_of_glue_left_alone(self) -> None:
        given = read_arguments(["--JOB_NAME", "x", "--RAW", "a", "--LAKE=b"], ["RAW", "LAKE"], {"BUS": ""})
        self.assertEqual(given, {"RAW": "a", "LAKE": "b", "BUS": ""})

    def test_all_that_is_missing_is_said_at_once(self) -> None:
        with self.assertRaisesRegex(JobError, "--RAW, --LAKE"):
            read_arguments([], ["RAW", "LAKE"], {})

    def test_what_is_not_understood_is_refused_by_its_name(self) -> None:
        self.assertEqual((read_place("RAW", "s3://abc/raw/").bucket, read_place("RAW", "s3://abc/raw/").prefix), ("abc", "raw/"))
        for refused in (
            lambda: read_place("RAW", "s3://abc/raw"),
            lambda: read_flag("SAMPLES", "yes"),
            lambda: read_name("DATABASE", "a; drop"),
        ):
            with self.assertRaisesRegex(JobError, "invalid_arguments: --"):
                refused()
        self.assertEqual(read_list(" a, b,,"), ["a", "b"])


class Models(unittest.TestCase):
    def test_every_model_comes_after_those_it_reads(self) -> None:
        names = [model.name for model in order_models(MODELS.models, MODELS.models)]
        self.assertEqual(sorted(names), sorted(MODELS.models))
        for at, name in enumerate(names):
            needed = set(references_of(MODELS.models[name].sql)) & set(MODELS.models) - {name}
            self.assertLessEqual(needed, set(names[:at]), name)

    def test_a_circle_is_refused_by_name(self) -> None:
        with self.assertRaisesRegex(JobError, "model_cycle.*a -> b -> a"):
            read_catalog({**RECORDS, "a.sql": "select * from b", "b.sql": "select * from a"})

    def test_what_is_bound_is_not_run_nor_what_only_it_needs(self) -> None:
        names = {model.name for model in order_models(MODELS.models, ["daily_metrics"], ["observations", "samples"])}
        self.assertNotIn("stg_oura__samples", names)
        self.assertIn("daily_candidates", names)

    def test_comments_and_literals_name_nothing(self) -> None:
        self.assertEqual(references_of("select 'from x' from a -- join y\njoin /* from z */ b"), ["a", "b"])

    def test_every_audit_of_a_yml_is_a_check_of_its_name(self) -> None:
        audits = [(model, audit) for model in MODELS.models.values() for audit in model.spec.audits]
        checks = [(one.model, one.name) for model, audit in audits for one in checks_of(MODELS, model, audit)]
        self.assertLessEqual(
            {
                ("sleep_sessions", "sleep_sessions_one_main"),
                ("dim_date", "unique date"),
                ("dim_date", "not_null week"),
                ("observations", "accepted kind"),
            },
            set(checks),
        )
        self.assertEqual(len(checks), len(set(checks)))


class Batches(unittest.TestCase):
    def test_the_table_no_model_makes_is_as_its_description_says(self) -> None:
        file = Path(__file__).parents[2] / "models" / "marts" / "batches.yml"
        spec = read_spec(file.name, file.read_text())
        self.assertEqual(list(BATCHES_TABLE.columns.items()), list(spec.columns.items()))
        self.assertEqual(BATCHES_TABLE.grain, spec.grain)


class Announcing(unittest.TestCase):
    def put(self, answer: dict) -> list[dict]:
        entries: list[dict] = []
        client = SimpleNamespace(put_events=lambda Entries: entries.extend(Entries) or answer)
        with patch.object(event.boto3, "client", lambda _: client):
            event.publish("bus", "b_1", ["u_a"], 3)
        return entries

    def test_the_event_is_put_on_the_bus(self) -> None:
        [entry] = self.put({"FailedEntryCount": 0})
        self.assertEqual((entry["EventBusName"], entry["Source"], entry["DetailType"]), ("bus", "wellspring", "Batch Published"))

    def test_an_answer_of_200_that_refused_it_ends_the_run(self) -> None:
        with self.assertRaisesRegex(JobError, "event_refused.*ThrottlingException"):
            self.put({"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]})


class Times(unittest.TestCase):
    def test_ids_of_batches_sort_by_time_and_instants_have_milliseconds(self) -> None:
        ids = [new_batch_id(datetime(2026, 1, day, tzinfo=UTC)) for day in (2, 10)]
        self.assertEqual(ids, sorted(ids))
        self.assertRegex(ids[0], r"^b_20260102t000000z_[a-z]{6}$")
        self.assertEqual(instant(1_000_000_000_005), "2001-09-09T01:46:40.005Z")


if __name__ == "__main__":
    unittest.main()
