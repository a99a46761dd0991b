class JobError(Exception):
    """What ends a run: a stable word and a sentence that names the object, model or argument; never a person's values."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
