import boto3

from wellspring.errors import JobError
from wellspring.settings import Settings

REBUILDS = ("apply", "dry-run")


def _is_outside(settings: Settings) -> bool:
    return settings.workflow == "" or settings.workflow_run == ""


def rebuild_of(settings: Settings) -> str | None:
    """What whoever started the run asks: `apply`, everything anew from raw; `dry-run`, what that would change; None of a batch."""
    if _is_outside(settings):
        return None
    run = {"Name": settings.workflow, "RunId": settings.workflow_run}
    rebuild = boto3.client("glue").get_workflow_run_properties(**run).get("RunProperties", {}).get("rebuild")
    if rebuild is not None and rebuild not in REBUILDS:
        raise JobError("invalid_arguments", "the property rebuild of the run is neither apply nor dry-run")
    return rebuild


def tell_run(settings: Settings, figures: dict[str, str]) -> None:
    """Puts figures into the properties of the workflow's run, where whoever watches it sees them; outside a workflow nothing."""
    if _is_outside(settings) or not figures:
        return
    # What is there already stays.
    boto3.client("glue").put_workflow_run_properties(Name=settings.workflow, RunId=settings.workflow_run, RunProperties=figures)
