"""The rules in the form of the thresholds page: limits and word lists as they were typed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flask import request

from api.dashboard.forms import field, passage
from api.dashboard.languages import gettext, noted, told
from api.dashboard.rule_words import LIMITS
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.measures import TOO_FEW, Limit, Measure, check_limits
from moderation.model.policy import Policy
from moderation.model.presets import PRESETS, Preset
from moderation.model.word_lists import LONGEST_ENTRY, MOST_ENTRIES, MOST_LISTS, WordList
from moderation.word_matching import check_entries

# What the model says of rules, for the catalogs.
noted("a limit is a whole number from 1 on")
noted("a limit must not be higher than is counted")
noted("who is rejected for being new stays new: flag them")
noted("a word list has a name of 1 to 60 characters, on one line")
noted("a word list has 1 to 1,000 entries")
noted("an entry has 1 to 100 characters, on one line")
noted("two word lists have the same name")
WRITE_A_WHOLE = noted("write a whole number such as 3, or nothing")

MOST_TYPED = MOST_ENTRIES * (LONGEST_ENTRY + 2)
ACTIONS = (Action.FLAG, Action.REJECT)


@dataclass(frozen=True, slots=True)
class TypedLimit:
    """A number and what it does, and what is wrong with it."""

    number: str = ""
    action: Action = Action.FLAG
    error: str | None = None

    def drafted(self) -> Limit | None:
        """Return the limit; None where nothing was typed. Raises ValueError."""
        if not self.number:
            return None
        if not (self.number.isascii() and self.number.isdigit()):
            raise ValueError(WRITE_A_WHOLE)
        return Limit(int(self.number), self.action)


@dataclass(frozen=True, slots=True)
class TypedList:
    """A word list, an entry on each line, and what is wrong with it."""

    name: str = ""
    action: Action = Action.FLAG
    entries: str = ""
    error: str | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was typed, so that there is no such list."""
        return not (self.name or self.entries.strip())

    def drafted(self) -> WordList:
        """Return the list. Raises ValueError."""
        lines = (line.strip() for line in self.entries.splitlines())
        return WordList(self.name, self.action, tuple(dict.fromkeys(filter(None, lines))))


@dataclass(frozen=True, slots=True)
class TypedRules:
    """All limits and lists of the form."""

    limits: Mapping[Measure, TypedLimit]
    lists: tuple[TypedList, ...]

    @property
    def errors(self) -> list[str]:
        """What is wrong, in the order of the page."""
        found = [one.error for one in self.limits.values()]
        found += [one.error for one in self.lists]
        return [error for error in found if error]

    def drafted_limits(self) -> dict[Measure, Limit]:
        """Return the limits. Raises ValueError where there are errors."""
        found = {measure: typed.drafted() for measure, typed in self.limits.items()}
        return {measure: limit for measure, limit in found.items() if limit is not None}

    def drafted_lists(self) -> tuple[WordList, ...]:
        """Return the word lists. Raises ValueError where there are errors."""
        return tuple(one.drafted() for one in self.lists if not one.is_empty)

    def filled(self, preset: Preset) -> "TypedRules":
        """Return them with the limits that suit a kind of site."""
        return replace(self, limits=_shown(PRESETS[preset]))

    def with_room(self) -> tuple[TypedList, ...]:
        """Return the lists, and an empty one where there may be one more."""
        has_room = len(self.lists) < MOST_LISTS
        return (*self.lists, TypedList()) if has_room else self.lists


def rules_of(policy: Policy) -> TypedRules:
    """Return the rules of a policy as they would be typed."""
    lists = (TypedList(o.name, o.action, "\n".join(o.entries)) for o in policy.word_lists)
    return TypedRules(_shown(policy.limits), tuple(lists))


def chosen_preset() -> Preset | None:
    """Return what the form asks to be filled in with."""
    asked = field("do", 40).removeprefix("fill-")
    return Preset(asked) if asked in set(Preset) else None


def read_rules() -> TypedRules | None:
    """Return the rules that the form holds; None where it has none to type. Raises InvalidInput."""
    if "rules" not in request.form:
        return None
    limits = {measure: _limit(measure) for measure in Measure}
    return TypedRules(limits, tuple(_lists()))


def _shown(limits: Mapping[Measure, Limit]) -> dict[Measure, TypedLimit]:
    empty = TypedLimit()
    typed = {m: TypedLimit(str(limit.number), limit.action) for m, limit in limits.items()}
    return {measure: typed.get(measure, empty) for measure in Measure}


def _limit(measure: Measure) -> TypedLimit:
    action = Action.FLAG if measure in TOO_FEW else _action(f"limit_action_{measure}")
    typed = TypedLimit(field(f"limit_{measure}", 20), action)
    try:
        limit = typed.drafted()
        check_limits({measure: limit} if limit else {})
    except ValueError as error:
        return replace(typed, error=f"{LIMITS[measure]}: {gettext(str(error))}.")
    return typed


def _lists() -> Iterator[TypedList]:
    names = set[str]()
    for n in range(MOST_LISTS):
        typed = TypedList(
            field(f"list_name_{n}", 200),
            _action(f"list_action_{n}"),
            passage(f"list_entries_{n}", MOST_TYPED),
        )
        if not typed.is_empty:
            yield replace(typed, error=_wrong(typed, names))
            names.add(typed.name)


def _wrong(typed: TypedList, names: set[str]) -> str | None:
    said = None
    try:
        if typed.name in names:
            said = gettext("two word lists have the same name")
        check_entries([typed.drafted()])
    except InvalidInput as error:
        said = told(error).rstrip(".")
    except ValueError as error:
        said = gettext(str(error))
    title = typed.name or gettext("A word list")
    return said and f"{title}: {said}."


def _action(name: str) -> Action:
    return Action.REJECT if field(name, 20) == Action.REJECT else Action.FLAG
