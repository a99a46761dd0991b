import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wellspring.errors import JobError


@dataclass(frozen=True)
class Place:
    """A bucket and a prefix in it, which ends in `/` or is empty."""

    bucket: str
    prefix: str

    def key(self, below: str) -> str:
        return f"{self.prefix}{below}"

    def url(self, below: str) -> str:
        return f"s3://{self.bucket}/{self.prefix}{below}"


def read_arguments(
    argv: Sequence[str], required: Sequence[str], optional: Mapping[str, str]
) -> dict[str, str]:
    """
    `--NAME value` pairs as Glue hands them over. Other names are Glue's own and left alone; all that is missing is refused at once.
    (getResolvedOptions of awsglue knows no optional names, so it is not used.)
    """
    given: dict[str, str] = {}
    for at, word in enumerate(argv):
        name, _, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in {*required, *optional}:
            continue
        if value == "" and "=" not in word and at + 1 < len(argv):
            value = argv[at + 1]
        given[name] = value
    missing = [f"--{name}" for name in required if given.get(name, "") == ""]
    if missing:
        raise JobError("invalid_arguments", f"missing: {', '.join(missing)}")
    return {**optional, **given}


def read_place(name: str, url: str) -> Place:
    """`s3://bucket/prefix/`, the form of --RAW and --LAKE."""
    found = re.fullmatch(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/((?:[^/]+/)*)", url)
    if found is None:
        raise JobError("invalid_arguments", f"--{name} is not of the form s3://<bucket>/<prefix>/")
    return Place(bucket=found[1], prefix=found[2])


def read_flag(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise JobError("invalid_arguments", f"--{name} is neither true nor false")
    return text == "true"


def read_instant(name: str, text: str) -> int:
    """Unix ms."""
    if re.fullmatch(r"\d{13}", text) is None:
        raise JobError("invalid_arguments", f"--{name} is no instant in ms since 1970")
    return int(text)


def read_days(name: str, text: str) -> int:
    if re.fullmatch(r"\d{1,3}", text) is None:
        raise JobError("invalid_arguments", f"--{name} is no number of days")
    return int(text)


def read_name(name: str, text: str) -> str:
    """The name of a database: it is put into statements, so it is nothing else."""
    if re.fullmatch(r"[a-z][a-z0-9_]*", text) is None:
        raise JobError("invalid_arguments", f"--{name} is not a name of lower-case letters, digits and _")
    return text


def read_list(text: str) -> list[str]:
    """Names with commas between them."""
    return [word.strip() for word in text.split(",") if word.strip() != ""]
