import boto3

from wellspring.settings import Settings


def tell_run(settings: Settings, figures: dict[str, str]) -> None:
    """Puts figures into the properties of the workflow's run, where whoever watches it sees them; outside a workflow nothing."""
    if settings.workflow == "" or settings.workflow_run == "" or not figures:
        return
    # What is there already stays.
    boto3.client("glue").put_workflow_run_properties(Name=settings.workflow, RunId=settings.workflow_run, RunProperties=figures)
