"""
The job of the workflow where `engine` is `small`: calls the function that computes, and waits for it. One file that needs boto3 alone, and
Python 3.9: a Python shell job takes packages as wheels only, which it installs before each run.
"""

import json
import re
import socket
import sys
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.httpsession import URLLib3Session

# A function has 15 minutes; whoever waits has a little more. Asked a second time it would run twice.
WAITS = Config(read_timeout=930, connect_timeout=20, retries={"total_max_attempts": 1})
# A line nobody speaks on is dropped on its way without a word (by a NAT gateway after 350 seconds), so it is asked each minute whether it
# is there. `tcp_keepalive` of Config asks after two hours, Linux's way, and the boto3 of a Python shell (1.21) refuses to know it.
KEPT = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    # macOS has it by this number.
    (socket.IPPROTO_TCP, getattr(socket, "TCP_KEEPIDLE", 0x10), 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 60),
]
NAMES = ("FUNCTION", "WORKFLOW_NAME", "WORKFLOW_RUN_ID")


class JobError(Exception):
    """What ends a run: a stable word and a sentence; never a person's values."""


def read_arguments(argv: Sequence[str]) -> dict[str, str]:
    """`--NAME value` pairs as Glue hands them over; other names are Glue's own. Those of the workflow are empty outside of one."""
    pairs = {word[2:]: value for word, value in zip(argv, argv[1:]) if word.startswith("--")}
    if re.fullmatch(r"[\w-]{1,64}", pairs.get("FUNCTION", "")) is None:
        raise JobError("invalid_arguments: --FUNCTION is no name of a function; `pulumi up` puts it back")
    return {name: pairs.get(name, "") for name in NAMES}


def asked_of(properties: dict[str, str]) -> dict[str, str]:
    """What the function is asked, by the properties of the run: a batch, or a rebuild (`rebuild`), which whoever started the run says."""
    rebuild = properties.get("rebuild")
    if rebuild not in (None, "apply", "dry-run"):
        raise JobError("invalid_arguments: the property rebuild of the run is neither apply nor dry-run")
    return {} if rebuild is None else {"rebuild": rebuild}


def open_lambda() -> Any:
    """A client of Lambda that waits for a function as long as it may run, over a line that is kept."""
    client = boto3.client("lambda", config=WAITS)
    # boto3 has no setting for it.
    client._endpoint.http_session = URLLib3Session(timeout=(WAITS.connect_timeout, WAITS.read_timeout), socket_options=KEPT)
    return client


def call(client: Any, function: str, asked: dict[str, str]) -> dict[str, Any]:
    """What the function answered. Of a failure it says no more than a word; its log says the rest."""
    try:
        answered = client.invoke(FunctionName=function, InvocationType="RequestResponse", Payload=json.dumps(asked))
        told = json.loads(answered["Payload"].read())
    except (BotoCoreError, ClientError) as error:
        raise JobError(f"transform_unreachable: {function} could not be called: {error}") from error
    if "FunctionError" in answered:
        # Our own errors say their code and nothing else; of Lambda's only the type is no sentence.
        word = re.fullmatch(r"[a-z][a-z0-9_]*", told.get("errorMessage", ""))
        raise JobError(f"transform_failed: {function} ended with {word[0] if word else told.get('errorType')}; its log says why")
    return told or {}


def figures_of(told: dict[str, Any]) -> dict[str, str]:
    """Ids and counts of an answer as properties of a run, with a start of their own: `small_objects`, `small_tables_daily_metrics`."""
    figures = {}
    for name, value in told.items():
        parts = value if isinstance(value, dict) else {"": value}
        figures.update({f"small_{name}_{part}".rstrip("_"): str(one) for part, one in parts.items() if isinstance(one, (str, int))})
    return figures


def main(argv: Sequence[str]) -> None:
    arguments = read_arguments(argv)
    run = {"Name": arguments["WORKFLOW_NAME"], "RunId": arguments["WORKFLOW_RUN_ID"]}
    glue = boto3.client("glue") if all(run.values()) else None
    properties = {} if glue is None else glue.get_workflow_run_properties(**run).get("RunProperties", {})
    figures = figures_of(call(open_lambda(), arguments["FUNCTION"], asked_of(properties)))
    if figures and glue is not None:
        # What is there already stays.
        glue.put_workflow_run_properties(**run, RunProperties=figures)
    print(json.dumps({"step": "small done", **figures}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
