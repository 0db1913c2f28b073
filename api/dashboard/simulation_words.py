"""The words in which a simulation is told to somebody who knows no statistics."""

from api.dashboard.languages import Words, gettext, ngettext, noted, number
from moderation.model.decisions import Action
from moderation.model.proportions import Proportion
from moderation.model.simulation import ENOUGH, Change
from moderation.services.simulating import EVERYTHING, PERIODS, Simulation

CHOICES = (*PERIODS, EVERYTHING)

CHANGES: Words[Change] = Words(
    {
        (Action.APPROVE, Action.FLAG): noted("approved now, would wait for a person"),
        (Action.APPROVE, Action.REJECT): noted("approved now, would be rejected without a person"),
        (Action.FLAG, Action.APPROVE): noted("wait for a person now, would be approved"),
        (Action.FLAG, Action.REJECT): noted("wait for a person now, would be rejected without one"),
        (Action.REJECT, Action.FLAG): noted("rejected without a person now, would wait for one"),
        (Action.REJECT, Action.APPROVE): noted("rejected without a person now, would be approved"),
    }
)


def choice(days: int) -> str:
    """Name a period that can be chosen."""
    if days == EVERYTHING:
        return gettext("everything")
    return gettext("the last %(days)s days", days=days)


def told(found: Simulation) -> str:
    """Say what the policy does, or what the draft would do instead."""
    if not found.comments:
        return gettext("Nothing with these scores was written in %(time)s.", time=_time(found))
    return " ".join(
        filter(None, (_waiting(found), _rejected(found), _missed(found), new_words(found)))
    )


def new_words(found: Simulation) -> str:
    """Say how many comments have a word on a day that is new in the draft."""
    on_a_day = found.new_words_a_day
    if on_a_day is None or found.words is None:
        return ""
    about, low, high = (a_day(one) for one in (on_a_day.about, on_a_day.low, on_a_day.high))
    return gettext(
        "Words that are new are in about %(about)s comments a day (%(low)s to %(high)s), by the "
        "newest %(many)s comments; that comes on top.",
        about=about,
        low=low,
        high=high,
        many=number(found.words.comments),
    )


def these(found: Simulation) -> str:
    """Name the comments that were replayed."""
    many, shown = found.comments, number(found.comments)
    if found.period.days == EVERYTHING:
        return ngettext("all %(shown)s comment", "all %(shown)s comments", many, shown=shown)
    return ngettext(
        "the %(shown)s comment of %(time)s",
        "the %(shown)s comments of %(time)s",
        many,
        shown=shown,
        time=_time(found),
    )


def a_day(many: float) -> str:
    """Say how many there are on a day."""
    return gettext("fewer than 1") if 0 < many < 1 else number(many)


def duration(hours: float) -> str:
    """Say how long people read on a day."""
    minutes = round(hours * 60)
    if minutes < 1:
        return gettext("no time") if hours == 0 else gettext("less than a minute")
    if minutes < 55:  # noqa: PLR2004 - nearer to an hour than to 50 minutes
        return ngettext("%(n)s minute", "%(n)s minutes", minutes, n=number(minutes))
    halves = round(hours * 2)
    written = number(halves / 2, halves % 2)
    return ngettext("%(n)s hour", "%(n)s hours", 1 if halves == 2 else 2, n=written)  # noqa: PLR2004


def share(of: Proportion) -> str:
    """Say a share with its interval, or that there is too little to tell."""
    if of.share is None or of.of < ENOUGH:
        return gettext("too few to tell (%(many)s)", many=number(of.of))
    return gettext(
        "%(share)s %% (%(low)s %% to %(high)s %%), on %(many)s",
        share=number(100 * of.share),
        low=number(100 * of.low),
        high=number(100 * of.high),
        many=number(of.of),
    )


def pace(found: Simulation) -> str:
    """Say where the time that people need comes from."""
    seconds = number(found.pace.seconds)
    if found.pace.is_measured:
        return gettext(
            "%(seconds)s seconds for a comment, the median at this site", seconds=seconds
        )
    return gettext(
        "%(seconds)s seconds for a comment, a guess until people have decided more here",
        seconds=seconds,
    )


def _time(found: Simulation) -> str:
    if found.period.days == EVERYTHING:
        return gettext("all the time")
    return choice(found.period.days)


def _waiting(found: Simulation) -> str:
    live, draft = found.live, found.draft
    if draft is None:
        return _waiting_now(found)
    if draft.flagged == live.flagged:
        return gettext(
            "Of %(these)s, %(many)s would wait for a person, as many as now.",
            these=these(found),
            many=number(live.flagged),
        )
    now, then = duration(found.hours_a_day(live)), duration(found.hours_a_day(draft))
    values = {
        "these": these(found),
        "then": number(draft.flagged),
        "now": number(live.flagged),
        "then_a_day": a_day(found.a_day(draft)),
        "now_a_day": a_day(found.a_day(live)),
        "reading": then,
        "reading_now": now,
    }
    if then == now:
        return gettext(
            "Of %(these)s, %(then)s would wait for a person instead of %(now)s: "
            "%(then_a_day)s a day instead of %(now_a_day)s, %(reading)s of reading as now.",
            **values,
        )
    return gettext(
        "Of %(these)s, %(then)s would wait for a person instead of %(now)s: %(then_a_day)s a day "
        "instead of %(now_a_day)s, %(reading)s of reading instead of %(reading_now)s.",
        **values,
    )


def _waiting_now(found: Simulation) -> str:
    live = found.live
    if not live.flagged:
        return gettext("Of %(these)s, none waits for a person.", these=these(found))
    return ngettext(
        "Of %(these)s, %(many)s waits for a person: %(a_day)s a day, %(reading)s of reading.",
        "Of %(these)s, %(many)s wait for a person: %(a_day)s a day, %(reading)s of reading.",
        live.flagged,
        these=these(found),
        many=number(live.flagged),
        a_day=a_day(found.a_day(live)),
        reading=duration(found.hours_a_day(live)),
    )


def _rejected(found: Simulation) -> str:
    live, draft = found.live.rejected, None if found.draft is None else found.draft.rejected
    if draft is None:
        if not live:
            return ""
        return ngettext(
            "%(many)s is rejected without a person.",
            "%(many)s are rejected without a person.",
            live,
            many=number(live),
        )
    if draft == live:
        return ""
    return gettext(
        "%(then)s would be rejected without a person instead of %(now)s.",
        then=number(draft),
        now=number(live),
    )


def _missed(found: Simulation) -> str:
    side = found.live if found.draft is None else found.draft
    if not side.recall.of:
        return gettext("Your moderators rejected none of them, so nothing tells what is missed.")
    said = _how_many_missed(found, number(side.missed), number(side.recall.of))
    if side.recall.of >= ENOUGH:
        return said
    return f"{said} {gettext('That is too few to tell much.')}"


def _how_many_missed(found: Simulation, missed: str, of: str) -> str:
    if found.draft is None:
        return gettext(
            "%(missed)s of the %(of)s that your moderators rejected are missed.",
            missed=missed,
            of=of,
        )
    if found.live.missed == found.draft.missed:
        return gettext(
            "%(missed)s of the %(of)s that your moderators rejected would be missed.",
            missed=missed,
            of=of,
        )
    return gettext(
        "%(missed)s of the %(of)s that your moderators rejected would be missed "
        "instead of %(now)s.",
        missed=missed,
        of=of,
        now=number(found.live.missed),
    )
