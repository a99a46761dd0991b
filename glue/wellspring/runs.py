import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3

from wellspring.arguments import Place


def instant(ms: int) -> str:
    """Unix ms as ISO 8601 UTC with milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Opened:
    """A batch begun and not yet announced, as its marker says."""

    batch_id: str
    started_ms: int
    tables: dict[str, int]
    # Of the models the first job ran by: those of the last one may be newer, and then its tables are only half theirs.
    model_version: str


class Runs:
    """What runs leave beside the tables: `open/<id>` while a batch is under way, `runs/<id>/…` for who reads what it changed."""

    def __init__(self, lake: Place) -> None:
        self._lake = lake
        self._client = boto3.client("s3")

    def _keys(self, below: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._lake.bucket, Prefix=self._lake.key(below))
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def _put(self, below: str, value: Any) -> None:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self._client.put_object(Bucket=self._lake.bucket, Key=self._lake.key(below), Body=body)

    def _get(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._lake.bucket, Key=key)["Body"].read()

    def opened(self) -> list[Opened]:
        """The batches that were begun and not announced, the newest last. More than one only after runs that died."""
        found = []
        for key in self._keys("open/"):
            told = json.loads(self._get(key))
            found.append(Opened(key.rsplit("/", 1)[1], told["started_ms"], told["tables"], told["model_version"]))
        return sorted(found, key=lambda one: one.batch_id)

    def open(self, opened: Opened) -> None:
        told = {"started_ms": opened.started_ms, "tables": opened.tables, "model_version": opened.model_version}
        self._put(f"open/{opened.batch_id}", told)

    def finished(self, batch_id: str) -> dict[str, Any] | None:
        """The record of a run that got to its end."""
        keys = self._keys(f"runs/{batch_id}/batch.json")
        return json.loads(self._get(keys[0])) if keys else None

    def write_lines(self, batch_id: str, below: str, lines: Iterable[Any], extra: dict[str, str] | None = None) -> None:
        """NDJSON through a file: the first run of many people holds every row there is. `extra`: arguments of S3's."""
        with tempfile.TemporaryFile() as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            file.seek(0)
            self._client.upload_fileobj(file, self._lake.bucket, self._lake.key(f"runs/{batch_id}/{below}"), ExtraArgs=extra)

    def read_lines(self, batch_id: str, below: str) -> Iterator[Any]:
        """The lines a run wrote, none when it wrote no such file."""
        for key in self._keys(f"runs/{batch_id}/{below}"):
            yield from (json.loads(line) for line in self._get(key).splitlines())

    def finish(self, record: dict[str, Any]) -> None:
        self._put(f"runs/{record['batch_id']}/batch.json", record)

    def close(self, batch_id: str) -> None:
        self._client.delete_object(Bucket=self._lake.bucket, Key=self._lake.key(f"open/{batch_id}"))

    def discard(self, batch_id: str) -> None:
        """Removes what a run that died left: another has told it again."""
        for key in self._keys(f"runs/{batch_id}/"):
            self._client.delete_object(Bucket=self._lake.bucket, Key=key)
        self.close(batch_id)
