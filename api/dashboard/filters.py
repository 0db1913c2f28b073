"""Filters of the queue: read off an address, written into one, and listed with what waits there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from api.dashboard.forms import exact, field
from api.dashboard.languages import gettext
from api.dashboard.languages import number as written
from api.dashboard.words import CAUSES
from moderation.model.desk import Filter, Order
from moderation.model.errors import InvalidInput
from moderation.model.reviews import Cause
from moderation.services.tally import MOST_TALLIED, Tally

MOST_SECTIONS = 12
"""In the list; the busiest ones."""

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list: where it leads, how many wait there, and whether it is chosen."""

    key: str
    title: str
    fields: Fields
    number: str
    chosen: bool
    written: bool = False
    """Whether the title is a stranger's words."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the list under one heading."""

    title: str
    choices: tuple[Choice, ...]


def read_filter(among: Mapping[str, str] | None = None) -> Filter:
    """Return the filter that the address or form carries, or other fields. Raises InvalidInput."""
    read, read_exactly = partial(field, among=among), partial(exact, among=among)
    reason, order = read("reason", 40), read("order", 40) or Order.PRESSING
    if (reason and reason.upper() not in Cause.__members__) or order not in list(Order):
        raise InvalidInput(gettext("There is no such filter."))
    return Filter(
        section=read_exactly("section", 255) or None,
        cause=Cause[reason.upper()] if reason else None,
        overdue=bool(read("overdue")),
        author=read_exactly("author", 255) or None,
        mine=bool(read("mine")),
        escalated=bool(read("escalated")),
        opted_out=bool(read("opted_out")),
        order=Order(order),
    )


def fields_of(sought: Filter) -> Fields:
    """Return the fields of an address that carries this filter."""
    fields = {
        "section": sought.section or "",
        "reason": name_of(sought.cause) if sought.cause else "",
        "overdue": "1" if sought.overdue else "",
        "author": sought.author or "",
        "mine": "1" if sought.mine else "",
        "escalated": "1" if sought.escalated else "",
        "opted_out": "1" if sought.opted_out else "",
        "order": "" if sought.order is Order.PRESSING else sought.order.value,
    }
    return {name: value for name, value in fields.items() if value}


def name_of(cause: Cause) -> str:
    """Return the name of one cause in an address."""
    return (cause.name or "").lower()


def groups(tally: Tally, sought: Filter) -> list[Group]:
    """List the filters; each line changes one thing about the present one."""
    more = "" if tally.complete else "+"
    found = (
        Group("", tuple(_ways(tally, sought, more))),
        Group(gettext("Why it waits"), tuple(_causes(tally.causes, sought, more))),
        Group(gettext("Section"), tuple(_sections(tally.sections, sought, more))),
    )
    return [group for group in found if group.choices]


def numbers(tally: Tally, sought: Filter) -> Mapping[str, str]:
    """Return the number of each line of the list by its key."""
    return {each.key: each.number for group in groups(tally, sought) for each in group.choices}


def _ways(tally: Tally, sought: Filter, more: str) -> Iterator[Choice]:
    everything = Filter(order=sought.order)
    number = f"{written(tally.everything)}{more}"
    if not (sought.author or sought.mine or sought.escalated):
        yield Choice("all", gettext("All"), fields_of(everything), number, sought == everything)
    else:
        # Only these were counted.
        yield Choice("all", gettext("All"), fields_of(everything), "", chosen=False)
    overdue = fields_of(replace(sought, overdue=not sought.overdue))
    late = f"{written(tally.overdue)}{more}"
    yield Choice("overdue", gettext("Over 30 minutes"), overdue, late, sought.overdue)
    mine = fields_of(replace(sought, mine=not sought.mine))
    yield Choice("mine", gettext("Mine"), mine, written(tally.mine), sought.mine)
    if tally.escalated is not None:
        # Nothing else of the filter: few wait for operators, and these want to see them all.
        asked = fields_of(Filter(escalated=not sought.escalated, order=sought.order))
        held = f"{written(tally.escalated)}{'+' if tally.escalated >= MOST_TALLIED else ''}"
        yield Choice("escalated", gettext("Escalated"), asked, held, sought.escalated)


def _causes(tallied: Mapping[Cause, int], sought: Filter, more: str) -> Iterator[Choice]:
    for cause, title in CAUSES.items():
        chosen = cause is sought.cause
        number = tallied.get(cause, 0)
        if number or chosen:
            fields = fields_of(replace(sought, cause=None if chosen else cause))
            yield Choice(name_of(cause), title, fields, f"{written(number)}{more}", chosen)


def _sections(tallied: Mapping[str, int], sought: Filter, more: str) -> Iterator[Choice]:
    busiest = sorted(tallied, key=lambda section: (-tallied[section], section))[:MOST_SECTIONS]
    if sought.section is not None and sought.section not in busiest:
        busiest.append(sought.section)
    for section in busiest:
        chosen = section == sought.section
        fields = fields_of(replace(sought, section=None if chosen else section))
        number = f"{written(tallied.get(section, 0))}{more}"
        yield Choice(f"section={section}", section, fields, number, chosen, written=True)
