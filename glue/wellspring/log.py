import json


def log(step: str, **figures: object) -> None:
    """One line of JSON a step: what was done, with counts and ids only."""
    print(json.dumps({"step": step, **figures}, ensure_ascii=False, default=str), flush=True)
