import csv
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from wellspring.errors import JobError
from wellspring.readers import Reader, read_readers
from wellspring.spec import Spec, read_spec
from wellspring.versions import versions_of

# As in ports/engine/duckdb/catalog.ts: bumped when intake judges an object differently, or reads other records by the same line.
READER_REVISION = "3"


@dataclass(frozen=True)
class Model:
    name: str
    sql: str
    yml: str
    spec: Spec


@dataclass(frozen=True)
class Catalog:
    """The folder models/, read once."""

    models: dict[str, Model]
    # rows of text by the name of the file, the header first
    seeds: dict[str, list[list[str]]]
    audits: dict[str, str]
    readers: tuple[Reader, ...]
    model_version: str
    readers_version: str
    # by model: changes with what its rows are made by, and with nothing else
    versions: dict[str, str]

    def stored(self) -> list[Model]:
        """The models whose rows are stored, in the order of their names; `account_owners` is stored by the engine itself."""
        tables = [model for model in self.models.values() if model.spec.is_table and model.name != "account_owners"]
        return sorted(tables, key=lambda model: model.name)


def texts_of_zip(content: bytes) -> dict[str, str]:
    """The texts of models.zip by their paths; a folder `models/` around them makes no difference."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".sql", ".yml", ".csv", ".json"))]
        return {name.removeprefix("models/"): archive.read(name).decode() for name in names}


def texts_of_folder(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.suffix in (".sql", ".yml", ".csv")]
    return {file.relative_to(folder).as_posix(): file.read_text() for file in files}


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def read_catalog(texts: Mapping[str, str]) -> Catalog:
    """Models, seeds, audits and reader lines of the files; `invalid_model` when a name is taken twice or records.csv is missing."""
    models: dict[str, Model] = {}
    seeds: dict[str, list[list[str]]] = {}
    audits: dict[str, str] = {}
    records = texts.get("records.csv")
    if records is None:
        raise JobError("invalid_model", "there is no records.csv among the models")
    for file in sorted(texts):
        path = PurePosixPath(file)
        if path.suffix in (".yml", ".json") or file == "records.csv":
            continue
        if path.stem in models or path.stem in seeds:
            raise JobError("invalid_model", f"two files define {path.stem}")
        if file.startswith("audits/"):
            audits[path.stem] = texts[file]
        elif path.suffix == ".csv":
            seeds[path.stem] = list(csv.reader(io.StringIO(texts[file], newline="")))
        else:
            yml = str(path.with_suffix(".yml"))
            sql = texts[file].strip().removesuffix(";")
            plain = texts.get(str(path.with_suffix(".json")))
            models[path.stem] = Model(path.stem, sql, texts.get(yml, ""), read_spec(yml, texts.get(yml, ""), plain))
    # What the build adds says nothing new.
    said = [file for file in sorted(texts) if not file.endswith(".json")]
    readers_version = _hash([READER_REVISION, records])
    given = {name: _hash([texts.get(f"{name}.csv", "")]) for name in seeds}
    given |= dict.fromkeys(("records", "objects", "readers"), readers_version)
    return Catalog(
        models=models,
        seeds=seeds,
        audits=audits,
        readers=read_readers(records),
        model_version=_hash([READER_REVISION, *(word for file in said for word in (file, texts[file]))]),
        readers_version=readers_version,
        versions=versions_of(models, audits, given, _hash),
    )
