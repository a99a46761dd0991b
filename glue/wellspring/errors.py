import re
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException


# What a worker raised reaches the driver as a text.
_RAISED = re.compile(r"JobError: (object_failed): ([^\n]+)")


class JobError(Exception):
    """What ends a run: a stable word and a sentence that names the object, model or argument; never a person's values."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code


@contextmanager
def failing(code: str, what: str) -> Iterator[None]:
    """
    Ends with this word, and with the kind of what Spark threw: what it says of rows (all of it) may hold a person's values, and a cause is
    printed with its words. An object that a worker failed to read is named instead.
    """
    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        raised = _RAISED.search(str(error)) if isinstance(error, PySparkException) else None
        if raised is not None:
            raise JobError(raised[1], raised[2]) from None
        kind = error.getErrorClass() if isinstance(error, PySparkException) else error.java_exception.getClass().getSimpleName()
        raise JobError(code, f"{what} failed: {kind or type(error).__name__}") from None
