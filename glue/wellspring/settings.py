from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import boto3

from wellspring.arguments import Place, read_arguments, read_days, read_flag, read_name, read_place
from wellspring.catalog import Catalog, read_catalog, texts_of_folder, texts_of_zip
from wellspring.errors import JobError

REQUIRED = ("RAW", "LAKE", "DATABASE", "MODELS")
OPTIONAL = {"BUS": "", "SAMPLES": "true", "HISTORY_DAYS": "7", "WORKFLOW_NAME": "", "WORKFLOW_RUN_ID": ""}


@dataclass(frozen=True)
class Settings:
    """What a job was started with."""

    raw: Place
    lake: Place
    database: str
    catalog: Catalog
    bus: str
    samples: bool
    # How long what tables were before can be read
    history_days: int
    workflow: str
    workflow_run: str

    @property
    def version(self) -> str:
        """What a batch says it was made by. Without samples it says so: a change of that alone is work for the next run. layout.ts says the same."""
        return self.catalog.model_version if self.samples else f"{self.catalog.model_version}-no-samples"


def _models(address: str) -> Catalog:
    """The models of a zip in S3 (`s3://…/models.zip`) or of a folder."""
    if not address.startswith("s3://"):
        return read_catalog(texts_of_folder(Path(address)))
    bucket, _, key = address.removeprefix("s3://").partition("/")
    client = boto3.client("s3")
    try:
        content = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    except client.exceptions.NoSuchKey:
        raise JobError("invalid_arguments", f"--MODELS names {key}, which is not there") from None
    try:
        return read_catalog(texts_of_zip(content))
    except (BadZipFile, UnicodeDecodeError):
        raise JobError("invalid_arguments", f"--MODELS names {key}, which is no zip of texts") from None


def read_settings(argv: Sequence[str]) -> Settings:
    """The arguments of silver.py and gold.py; `invalid_arguments` names the one that is not understood."""
    given = read_arguments(argv, REQUIRED, OPTIONAL)
    return Settings(
        raw=read_place("RAW", given["RAW"]),
        lake=read_place("LAKE", given["LAKE"]),
        database=read_name("DATABASE", given["DATABASE"]),
        catalog=_models(given["MODELS"]),
        bus=given["BUS"],
        samples=read_flag("SAMPLES", given["SAMPLES"]),
        history_days=read_days("HISTORY_DAYS", given["HISTORY_DAYS"]),
        workflow=given["WORKFLOW_NAME"],
        workflow_run=given["WORKFLOW_RUN_ID"],
    )
