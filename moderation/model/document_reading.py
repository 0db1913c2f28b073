"""Reading documents: checked values out of plain mappings, and the path of all that is wrong.

What is refused is named by its path and never quoted.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from moderation.model.errors import FieldError, InvalidInput
from moderation.model.pointers import Path, pointer_to

MAX_ERRORS = 20
MAX_NAME_LENGTH = 100
"""Of a classifier version, as storage holds it."""

REQUIRED = "this field is required"

Choice = TypeVar("Choice", bound=StrEnum)


class Reading:
    """Reads the parts of one document, and remembers what cannot be used of it."""

    def __init__(self) -> None:
        self._wrong: list[FieldError] = []

    def check(self) -> None:
        """Go on only if all that was read can be used. Raises InvalidInput."""
        if self._wrong:
            raise InvalidInput("Some fields cannot be used.", tuple(self._wrong[:MAX_ERRORS]))

    def refuse(self, path: Path, detail: str) -> None:
        """Note that what stands at a path cannot be used."""
        self._wrong.append(FieldError(pointer_to(path), detail))

    def fields(
        self, value: object, path: Path, known: Collection[str], needed: Collection[str] = ()
    ) -> Mapping[str, object]:
        """Return the fields of a mapping. A name that is not known may be a misspelt one."""
        if not isinstance(value, Mapping):
            self.refuse(path, "it must be a mapping; {} is an empty one")
            return {}
        for name in value:
            if name not in known:
                names = ", ".join(known)
                self.refuse((*path, str(name)), f"there is no such field; there are {names}")
        for name in needed:
            if name not in value:
                self.refuse((*path, name), REQUIRED)
        return {name: value[name] for name in known if name in value}

    def number(self, value: object, path: Path) -> float | None:
        """Return a number; None where there is none."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(path, "write a number such as 0.8")
            return None
        try:
            return float(value)
        except OverflowError:
            self.refuse(path, "this number is too large")
            return None

    def entries(self, value: object, path: Path) -> list[object]:
        """Return what is in a list."""
        if isinstance(value, list):
            return value
        self.refuse(path, "it must be a list; [] is an empty one")
        return []

    def texts(self, value: object, path: Path) -> tuple[str, ...] | None:
        """Return a list of texts; None where something else is among them."""
        found = self.entries(value, path)
        texts = tuple(one for one in found if isinstance(one, str))
        if len(texts) == len(found):
            return texts
        for n, one in enumerate(found):
            if not isinstance(one, str):
                self.refuse((*path, str(n)), "write a text, in quotes where it looks like a number")
        return None

    def whole(self, value: object, path: Path) -> int | None:
        """Return a whole number; None where it is something else."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.refuse(path, "write a whole number such as 3")
        return None

    def name(self, value: object, path: Path) -> str:
        """Return a name of visible characters, such as a classifier version."""
        if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME_LENGTH:
            self.refuse(path, f"write a text of 1 to {MAX_NAME_LENGTH} characters")
            return ""
        if not value.isprintable():
            self.refuse(path, "it holds characters that cannot be seen")
        return value

    def choice(self, value: object, path: Path, kind: type[Choice]) -> Choice | None:
        """Return a member of a closed set."""
        if isinstance(value, str) and value in set(kind):
            return kind(value)
        self.refuse(path, f"write one of {', '.join(kind)}")
        return None
