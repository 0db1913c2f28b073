"""Refusals: requests that are not judged here, and so are a person's to judge in Coral."""


class Refusal(Exception):
    """A request that nothing follows from; `reason` is a word for logs and the answer's header."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
