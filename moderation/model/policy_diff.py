"""What differs between two policies: a list of changes, told by their documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from moderation.model.pointers import Path, dotted
from moderation.model.policy import Policy
from moderation.model.policy_document import Document, document_of

Value = str | float | bool | None

NEVER = "never"
NAME = "name"
TELLING = (NAME, "section", "thread")
"""Fields by which entries of a list are told from each other."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a path of a policy says instead of something else; None: it said, or says, nothing.

    Each thing that came into a list, or left it, is a change at the list's path.
    """

    path: Path
    before: Value
    after: Value

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {_told(self.before)} → {_told(self.after)}"


def changes_between(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Return what differs, in the order of the document; nothing where both decide the same."""
    old, new = _parted(document_of(before), document_of(after))
    return tuple(
        Change(key[0], old.get(key), new.get(key))
        for key in _in_order(old, new)
        if old.get(key) != new.get(key)
    )


_Key = tuple[Path, Value]
"""A path, and of what is in a list itself."""


def _parted(before: Document, after: Document) -> tuple[dict[_Key, Value], dict[_Key, Value]]:
    """Return the leaves of the parts that differ: a word list alone may have a thousand."""
    others = [part for part in after if before.get(part) != after[part]]
    gone = [part for part in before if part not in after]
    both = (
        {part: one[part] for part in (*others, *gone) if part in one} for one in (before, after)
    )
    old, new = (dict(_leaves(one, ())) for one in both)
    return old, new


def _leaves(value: object, path: Path) -> Iterator[tuple[_Key, Value]]:
    if value == {} and path[:1] == ("overrides",):
        # Elsewhere a label without lines is as good as none; in a place it takes away what counts
        # everywhere.
        yield (path, None), NEVER
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        yield from _listed(value, path)
    elif isinstance(value, str | int | float | None):
        yield (path, None), value


def _listed(entries: Sequence[object], path: Path) -> Iterator[tuple[_Key, Value]]:
    """Yield what is in a list: texts by themselves, and mappings by what they are for.

    The order of mappings counts, so that it is told too.
    """
    if names := [_name(entry) for entry in entries if isinstance(entry, Mapping)]:
        yield (path, None), ", ".join(names)
    for entry in entries:
        if isinstance(entry, Mapping):
            yield from _leaves(_rest(entry), (*path, _name(entry)))
        elif isinstance(entry, str | int | float):
            yield (path, entry), entry


def _name(entry: Mapping[str, object]) -> str:
    return " ".join(
        str(entry[key]) if key == NAME else f"{key} {entry[key]}" for key in TELLING if key in entry
    )


def _rest(entry: Mapping[str, object]) -> Mapping[str, object]:
    return {key: value for key, value in entry.items() if key not in TELLING}


def _in_order(old: Mapping[_Key, Value], new: Mapping[_Key, Value]) -> list[_Key]:
    """Return the paths of both, those of one threshold side by side."""
    paths = list(dict.fromkeys([key[0][:-1] for key in (*new, *old)]))
    return sorted({**new, **old}, key=lambda key: paths.index(key[0][:-1]))


def _told(value: Value) -> str:
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else f"{value}"
