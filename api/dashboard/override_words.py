"""The words for what is otherwise in a section or a thread, from one version to the next."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from api.dashboard.languages import Words, gettext, noted, unrounded
from api.dashboard.words import LABELS
from moderation.model.labels import Label
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import Policy, Threshold
from moderation.model.policy_diff import Change

PLACES = "overrides"
"""Where a document has them."""

_NAMED: Words[str] = Words(
    {
        PlaceKind.SECTION: noted("section %(name)s"),
        PlaceKind.THREAD: noted("thread %(name)s"),
    }
)

_OWN: Words[str] = Words(
    {
        "flag": noted("in %(place)s: %(label)s flags from %(after)s"),
        "reject": noted("in %(place)s: %(label)s rejects from %(after)s"),
    }
)

_Own = Mapping[str, Mapping[Label, Threshold]]
"""Thresholds of each place, by what names it in the paths of a document."""


def place(told: str) -> str:
    """Say a place that a document or a sentence of ours names, such as "section sport"."""
    kind, _, name = told.partition(" ")
    return _NAMED[kind] % {"name": name} if kind in set(PlaceKind) and name else told


def in_places(
    before: Policy, after: Policy, changes: Sequence[Change], line: Callable[[Change], str]
) -> Iterator[str]:
    """Say what is otherwise in places; `line` says it of one line, wherever that is."""
    old, new = _own(before), _own(after)
    yield from _came_and_went(old, new)
    inner = [one for one in changes if one.path[0] == PLACES and one.path[1:]]
    said = (_told(one, old, new, line) for one in inner if one.path[1] in new)
    yield from dict.fromkeys(said)


def _own(policy: Policy) -> _Own:
    return {_key(one.pattern): one.thresholds for one in policy.overrides}


def _key(pattern: Pattern) -> str:
    return f"{pattern.kind} {pattern.name}"


def _came_and_went(old: _Own, new: _Own) -> Iterator[str]:
    for one in old:
        if one not in new:
            # Its lines do not stop: others count there instead.
            yield gettext(
                "%(place)s has no thresholds of its own any more: those of the site count there",
                place=place(one),
            )
    for one in new:
        if one not in old:
            yield gettext("%(place)s has thresholds of its own", place=place(one))
    if [one for one in old if one in new] != [one for one in new if one in old]:
        yield gettext(
            "of places that fit the same comment the first counts: %(places)s",
            places=", ".join(map(place, new)),
        )


def _told(change: Change, old: _Own, new: _Own, line: Callable[[Change], str]) -> str:
    at, label = change.path[1], Label(next(one for one in change.path if one in set(Label)))
    values = {"place": place(at), "label": LABELS[label]}
    if label not in new[at]:
        return gettext("in %(place)s: %(label)s is as everywhere again", **values)
    if change.path[-1] == label:
        if change.after is None:
            return gettext("in %(place)s: %(label)s may flag again", **values)
        return gettext("in %(place)s: %(label)s never flags", **values)
    if label not in old.get(at, {}) and change.after is not None:
        # It may have flagged before, by the number of everywhere.
        return _OWN[change.path[-1]] % {**values, "after": unrounded(float(change.after))}
    return gettext("in %(place)s: %(change)s", place=place(at), change=line(change))
