"""The report of an import: which lines could not be used, and why."""

import csv
from pathlib import Path
from typing import TextIO

MAX_NAMES = 20


class Rejections:
    """Lists lines in a file that is made for the first of them; repeats nothing that they hold."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.ignored: set[str] = set()
        """Some names of fields that mean nothing to us."""
        self._file: TextIO | None = None

    def add(self, number: int, reason: str) -> None:
        """Note one line by its number. Raises OSError."""
        if self._file is None:
            self._file = self.path.open("w", newline="", encoding="utf-8")
            csv.writer(self._file).writerow(("line", "reason"))
        csv.writer(self._file).writerow((number, reason))
        self.count += 1

    def ignore(self, names: set[str]) -> None:
        """Note names of fields that are passed over."""
        if len(self.ignored) < MAX_NAMES:
            self.ignored |= names

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._file is not None:
            self._file.close()
