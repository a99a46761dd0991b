import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

import small

from wellspring import gold, rebuild, silver, workflow
from wellspring.arguments import Place
from wellspring.aside import Aside
from wellspring.errors import JobError
from wellspring.runs import Opened
from wellspring.settings import Settings
from wellspring.tables import Table

MODELS = str(Path(__file__).parents[1] / "fixtures" / "models")
PLACES = ["--RAW", "s3://made-up-raw/raw/", "--LAKE", "s3://made-up-lake/", "--DATABASE", "health", "--MODELS", MODELS]
RUN = ["--WORKFLOW_NAME", "w", "--WORKFLOW_RUN_ID", "wr_1"]


def settings_of(run: str = "wr_1") -> Settings:
    return MagicMock(spec=Settings, workflow="w", workflow_run=run)


def glue_with(properties: dict[str, str]) -> MagicMock:
    return MagicMock(**{"get_workflow_run_properties.return_value": {"RunProperties": properties}})


class Asked(unittest.TestCase):
    def test_the_property_of_the_run_says_it_and_a_batch_has_none(self) -> None:
        for properties, asked in (({"rebuild": "apply"}, "apply"), ({"rebuild": "dry-run"}, "dry-run"), ({"another": "1"}, None)):
            glue = glue_with(properties)
            with patch.object(workflow.boto3, "client", lambda _, glue=glue: glue):
                self.assertEqual(workflow.rebuild_of(settings_of()), asked)
            glue.get_workflow_run_properties.assert_called_once_with(Name="w", RunId="wr_1")

    def test_outside_of_a_workflow_nobody_is_asked_or_told(self) -> None:
        with patch.object(workflow.boto3, "client", side_effect=AssertionError):
            self.assertIsNone(workflow.rebuild_of(settings_of(run="")))
            rebuild.tell_rebuild(settings_of(run=""), {"outcome": "idle"})

    def test_a_word_nobody_knows_ends_either_job_before_anything_is_opened(self) -> None:
        for job in (silver, gold):
            with (
                patch.object(workflow.boto3, "client", lambda _: glue_with({"rebuild": "everything"})),
                patch.object(job, "open_session", side_effect=AssertionError),
                self.assertRaisesRegex(JobError, "^invalid_arguments: the property rebuild"),
            ):
                job.main([*PLACES, *RUN])

    def test_in_a_dry_run_the_first_job_does_nothing_and_the_last_one_compares_alone(self) -> None:
        glue = glue_with({"rebuild": "dry-run"})
        compared = {"outcome": "compared", "batch_id": "b_1", "objects": 5, "added": {"meals": 2}, "changed": {}, "removed": {}}
        with (
            patch.object(workflow.boto3, "client", lambda _: glue),
            patch.object(silver, "run", side_effect=AssertionError),
            patch.object(gold, "run", side_effect=AssertionError),
            patch.object(gold, "compare", lambda _: compared),
        ):
            silver.main([*PLACES, *RUN])
            glue.put_workflow_run_properties.assert_not_called()
            gold.main([*PLACES, *RUN])
        figures = {"small_outcome": "compared", "small_batch_id": "b_1", "small_objects": "5", "small_added_meals": "2"}
        glue.put_workflow_run_properties.assert_called_once_with(Name="w", RunId="wr_1", RunProperties=figures)


class Noted(unittest.TestCase):
    def noted(self, last: str, left: list[Opened]) -> list[str]:
        """The versions a run of the last job notes whose models, `m_2`, change no row; `left` is what others have not ended."""
        noted: list[str] = []
        playing = {
            "open_session": MagicMock(),
            "Runs": MagicMock(),
            "_announce_finished": lambda *_: left,
            "_compute": lambda *_: [],
            "_find_changes": lambda *_: {},
            "bind_told": lambda *_: SimpleNamespace(lines={}, users=[]),
            "write_told": MagicMock(),
            "record_of": lambda *_: {"users": [], "days": 0},
            "store_batch": lambda _, __, version: noted.append(version),
            "publish": MagicMock(),
            "tell_run": MagicMock(),
            "keep_up": MagicMock(),
        }
        settings = MagicMock(spec=Settings, version="m_2", lake=Place("lake", ""), database="health", bus="b", history_days=7)
        with (
            patch.multiple(gold, **playing),
            patch.object(gold.Lake, "create", MagicMock()),
            patch.object(gold.Lake, "last_version", lambda _: last),
        ):
            gold.run(settings)
        return noted

    def test_models_that_change_no_row_are_noted_once(self) -> None:
        self.assertEqual([self.noted("m_1", []), self.noted("m_2", [])], [["m_2"], []])

    def test_what_a_run_of_other_models_left_is_not_noted_as_of_ours_or_theirs(self) -> None:
        for last, version in (("m_1", "m_1"), ("m_2", "m_1"), ("m_2", "m_2")):
            self.assertEqual(self.noted(last, [Opened("b_1", 0, {}, version)]), [])


class Told(unittest.TestCase):
    def test_figures_have_the_names_the_other_engine_gives_them(self) -> None:
        record = {"schema": 1, "batch_id": "b_1", "users": ["u_a"], "days": 2, "tables": {"daily_metrics": 3, "records": 1}}
        for outcome in (rebuild.outcome_of(record), rebuild.outcome_of(None), {"objects": 5}):
            glue = MagicMock()
            with patch.object(workflow.boto3, "client", lambda _, glue=glue: glue):
                rebuild.tell_rebuild(settings_of(), outcome)
            self.assertEqual(glue.put_workflow_run_properties.call_args.kwargs["RunProperties"], small.figures_of(outcome))


class Reading(unittest.TestCase):
    def aside(self, stored: dict[str, str] | None) -> tuple[Aside, MagicMock]:
        fields = [SimpleNamespace(name=name, dataType=SimpleNamespace(simpleString=lambda t=t: t)) for name, t in (stored or {}).items()]
        spark = MagicMock()
        spark.catalog.tableExists.return_value = stored is not None
        spark.table.return_value.schema = fields
        layouts = {"meals": Table("meals", {"meal_id": "string", "energy_kcal": "double"}, ("meal_id",))}
        return Aside(spark, "health", Place("lake", ""), layouts), spark

    def test_a_table_that_is_not_there_is_empty_and_a_column_it_lacks_is_null(self) -> None:
        lake, spark = self.aside(None)
        lake.read("meals")
        spark.range.assert_called_once_with(0)
        cells = ["cast(null as string) as meal_id", "cast(null as double) as energy_kcal"]
        spark.range.return_value.selectExpr.assert_called_once_with(*cells)
        lake, spark = self.aside({"meal_id": "string"})
        lake.read("meals")
        spark.table.return_value.selectExpr.assert_called_once_with("meal_id", "cast(null as double) as energy_kcal")

    def test_what_a_rebuild_would_refuse_is_refused(self) -> None:
        lake, _ = self.aside({"meal_id": "string", "energy_kcal": "int"})
        with self.assertRaisesRegex(JobError, "^schema_mismatch: meals: energy_kcal is stored as int"):
            lake.read("meals")


if __name__ == "__main__":
    unittest.main()
