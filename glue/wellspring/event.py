import json

import boto3

from wellspring.errors import JobError

SOURCE = "wellspring"

# An event holds 256 KB; whom a larger batch is about stands in its record.
USERS_AT_MOST = 5000


def publish(bus: str, batch_id: str, users: list[str], days: int) -> None:
    """Puts `Batch Published` on the bus; PutEvents answers 200 also when it refused, so its count is looked at."""
    if bus == "":
        return
    detail = {"schema": 1, "batch_id": batch_id, "users": users if len(users) <= USERS_AT_MOST else [], "days": days}
    entry = {"Source": SOURCE, "DetailType": "Batch Published", "Detail": json.dumps(detail), "EventBusName": bus}
    answer = boto3.client("events").put_events(Entries=[entry])
    if answer["FailedEntryCount"] > 0:
        code = answer["Entries"][0].get("ErrorCode", "unknown")
        raise JobError("event_refused", f"{batch_id}: the bus refused Batch Published ({code}); the next run sends it again")
