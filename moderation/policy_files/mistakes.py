"""What is wrong with a file, line by line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong, and the line on which it stands."""

    line: int
    said: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.said}"


class NoPolicy(Exception):
    """A file from which no policy can be read."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes
