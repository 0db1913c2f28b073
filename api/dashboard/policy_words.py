"""The words in which the versions of a policy are told apart."""

from collections import Counter
from collections.abc import Iterator, Sequence

from api.dashboard.languages import Words, gettext, ngettext, noted, number, unrounded
from api.dashboard.override_words import PLACES, in_places
from api.dashboard.rule_words import ACTIONS, LIMITS
from api.dashboard.tuning_words import OTHER_LANGUAGES
from api.dashboard.words import LABELS
from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.measures import Measure
from moderation.model.pointers import dotted
from moderation.model.policy import OtherLanguages, PublishedPolicy
from moderation.model.policy_diff import Change, Value, changes_between
from moderation.services.policy_versions import version_before

_LISTS, _ENTRIES = "word_lists", ("entries",)
_LIST_ACTIONS: Words[str] = Words(
    {
        "flag": noted("the word list “%(name)s” flags"),
        "reject": noted("the word list “%(name)s” rejects"),
    }
)

_LINES: Words[tuple[str, str]] = Words(
    {
        ("flag", "moved"): noted("%(label)s flags from %(after)s instead of %(before)s"),
        ("flag", "new"): noted("%(label)s flags from %(after)s, and did not before"),
        ("flag", "gone"): noted("%(label)s flags no more; it did from %(before)s"),
        ("reject", "moved"): noted("%(label)s rejects from %(after)s instead of %(before)s"),
        ("reject", "new"): noted("%(label)s rejects from %(after)s, and did not before"),
        ("reject", "gone"): noted("%(label)s rejects no more; it did from %(before)s"),
    }
)


_LIMITED: Words[str] = Words(
    {
        "moved": noted("%(limit)s %(after)s instead of %(before)s: %(action)s"),
        "new": noted("%(limit)s %(after)s: %(action)s"),
        "gone": noted("%(limit)s %(before)s: no longer “%(action)s”"),
    }
)


def changed(history: Sequence[PublishedPolicy], one: PublishedPolicy) -> list[str]:
    """Say what a version changed against the one before it for the same classifier."""
    before = version_before(history, one)
    if before is None:
        return [gettext("The first for this classifier.")]
    changes = changes_between(before.policy, one.policy)
    said = [_told(change) for change in changes if change.path[0] != PLACES]
    return [
        *filter(None, said),
        *_entries(changes),
        *in_places(before.policy, one.policy, changes, _line),
    ] or [gettext("The same as before.")]


def _entries(changes: Sequence[Change]) -> Iterator[str]:
    """Say how many entries word lists gained and lost: there may be a thousand."""
    entries = [one for one in changes if one.path[:1] == (_LISTS,) and one.path[2:] == _ENTRIES]
    for name, n in Counter(one.path[1] for one in entries if one.before is None).items():
        yield ngettext(
            "word list “%(name)s”: %(n)s entry more",
            "word list “%(name)s”: %(n)s entries more",
            n,
            name=name,
            n=number(n),
        )
    for name, n in Counter(one.path[1] for one in entries if one.after is None).items():
        yield ngettext(
            "word list “%(name)s”: %(n)s entry fewer",
            "word list “%(name)s”: %(n)s entries fewer",
            n,
            name=name,
            n=number(n),
        )


def _told(change: Change) -> str | None:
    part = change.path[0]
    if part == "thresholds":
        return _line(change)
    if part == "other_languages":
        return _elsewhere(change)
    if part == _LISTS:
        return _listed(change)
    if part == "limits":
        return _limited(change)
    return gettext(
        "%(path)s: %(after)s instead of %(before)s",
        path=dotted(change.path),
        after=_written(change.after),
        before=_written(change.before),
    )


def _limited(change: Change) -> str:
    """Say which number of what is counted does something else now."""
    _, measure, action = change.path
    said = _LIMITED[_kind(change)]
    before, after = _written(change.before), _written(change.after)
    limit, follows = LIMITS[Measure(measure)], ACTIONS[Action(action)]
    return said % {"limit": limit, "before": before, "after": after, "action": follows}


def _elsewhere(change: Change) -> str:
    """Say what is otherwise in languages that the classifier does not know."""
    before, after = change.before, change.after
    if change.path[1] == "thresholds":
        return gettext("in other languages: %(change)s", change=_line(change))
    if change.path[1] == "action":
        return gettext(
            "other languages: “%(after)s” instead of “%(before)s”",
            after=OTHER_LANGUAGES[OtherLanguages(str(after))],
            before=OTHER_LANGUAGES[OtherLanguages(str(before))],
        )
    if after is None:
        return gettext("in other languages: no more judged by %(name)s", name=before)
    return gettext("in other languages: judged by %(name)s", name=after)


def _listed(change: Change) -> str | None:
    """Say that a word list came, went, or does something else now."""
    if change.path[2:] != ("action",):
        return None
    name = change.path[1]
    if change.after is None:
        return gettext("the word list “%(name)s” is gone", name=name)
    return _LIST_ACTIONS[str(change.after)] % {"name": name}


def _line(change: Change) -> str:
    *_, label, line = change.path
    said = _LINES[line, _kind(change)]
    before, after = _written(change.before), _written(change.after)
    return said % {"label": LABELS[Label(label)], "before": before, "after": after}


def _kind(change: Change) -> str:
    return "new" if change.before is None else "gone" if change.after is None else "moved"


def _written(value: Value) -> str:
    if value is None:
        return gettext("nothing")
    return unrounded(value) if isinstance(value, int | float) else str(value)
