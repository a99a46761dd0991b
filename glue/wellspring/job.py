from collections.abc import Callable, Sequence

from wellspring.errors import JobError
from wellspring.log import log


def run_job(name: str, work: Callable[[Sequence[str]], None], argv: Sequence[str]) -> None:
    """A job from its arguments to its end; one that fails says so in a line of its own before it ends as failed."""
    try:
        work(argv)
    except JobError as error:
        log(f"{name} failed", code=error.code, error=str(error))
        raise
