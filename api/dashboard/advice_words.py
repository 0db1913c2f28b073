"""The words in which advice is told to somebody who knows no statistics."""

from api.dashboard import simulation_words
from api.dashboard.languages import gettext, ngettext, number, unrounded
from moderation.model.advice import ENOUGH_COMMENTS, WishKind
from moderation.services.advising import Advice
from moderation.services.promising import Promise

ENOUGH = ENOUGH_COMMENTS


def told(found: Advice) -> str:
    """Say what the thresholds do that the form is filled in with."""
    if found.wish.kind is not WishKind.MISSES:
        return _waiting(found)
    promised = gettext(
        "At most %(share)s %% of what moderators would reject is approved, with 95 %% confidence.",
        share=unrounded(found.wish.said(found.wish.amount)),
    )
    return f"{_waiting(found)} {promised}"


def rests_on(found: Advice) -> list[str]:
    """Say on what that rests, and what it takes for granted."""
    if found.promise is None:
        return [_as_before(found)]
    return [*_evidence(found.promise), _as_before(found)]


def _waiting(found: Advice) -> str:
    values = {
        "flags": simulation_words.a_day(found.flags_a_day),
        "time": simulation_words.duration(found.hours_a_day),
    }
    if found.usual is None:
        return gettext(
            "With these thresholds %(flags)s a day would wait for a person, %(time)s of reading.",
            **values,
        )
    return gettext(
        "With these thresholds %(flags)s a day would wait for a person, %(time)s of reading; on 19 "
        "of 20 days between %(low)s and %(high)s.",
        low=number(found.usual[0]),
        high=number(found.usual[1]),
        **values,
    )


def _as_before(found: Advice) -> str:
    comments = number(found.comments)
    if found.promise is None:
        return gettext(
            "Counted on %(comments)s comments. It holds as long as comments come as they did.",
            comments=comments,
        )
    return gettext(
        "It holds as long as comments come, and moderators decide, as they did, each comment by "
        "itself: where one heated thread makes up much of what is bad, it is less sure."
    )


def _evidence(promise: Promise) -> list[str]:
    said = []
    if promise.weeks:
        said.append(
            gettext(
                "It rests on %(samples)s samples of what automation approved, of which moderators "
                "would have rejected %(missed)s, and on %(rejected)s comments that they rejected.",
                samples=number(promise.samples),
                missed=number(promise.missed),
                rejected=number(promise.rejected),
            )
        )
    if promise.alone:
        said.append(
            ngettext(
                "%(many)s rejected comment was decided by people before any automation, as before "
                "an import: this is right only if they had looked at every comment then.",
                "%(many)s rejected comments were decided by people before any automation, as "
                "before an import: this is right only if they had looked at every comment then.",
                promise.alone,
                many=number(promise.alone),
            )
        )
    if promise.unjudged:
        said.append(
            ngettext(
                "%(many)s that was stopped nobody has judged yet; where it would be approved, it "
                "counts as missed.",
                "%(many)s that were stopped nobody has judged yet; where they would be approved, "
                "they count as missed.",
                promise.unjudged,
                many=number(promise.unjudged),
            )
        )
    return said
