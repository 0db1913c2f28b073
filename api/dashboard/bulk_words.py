"""The words that moderators read of bulks."""

from api.dashboard.languages import Words, gettext, ngettext, noted
from api.dashboard.languages import number as written
from moderation.model.bulks import Bulk, BulkAction, BulkState, Fate, Means

MEANS = Words(
    {
        Means.HAND: noted("selected by hand"),
        Means.AUTHOR: noted("all by one author"),
        Means.TEXT: noted("all with the same text"),
        Means.BAND: noted("by their score"),
    }
)

FATES = Words(
    {
        Fate.CHANGED: noted("decided, edited or taken up by somebody since you looked"),
        Fate.CLAIMED: noted("a colleague is on it"),
        Fate.ESCALATED: noted("waits for operators"),
        Fate.APPEALED: noted("an appeal, which is judged by itself"),
        Fate.DISPUTED: noted("two people judged it differently, so a third one decides"),
        Fate.ELSEWHERE: noted("at another site"),
        Fate.NOT_ALLOWED: noted("you may not decide there any more"),
        Fate.FAILED: noted("could not be decided and waits as before; the log says why"),
        Fate.STOPPED: noted("not decided, because you undid it before"),
        Fate.KEPT: noted("not undone: somebody changed it since, or undoing it broke"),
    }
)


STATES = Words(
    {
        BulkState.RUNNING: noted("Deciding"),
        BulkState.DONE: noted("Decided"),
        BulkState.UNDOING: noted("Undoing"),
        BulkState.UNDONE: noted("Undone"),
    }
)


def ended(bulk: Bulk, number: int) -> str:
    """Say what was done to how many comments once a bulk is through."""
    n = written(number)
    if bulk.state is BulkState.UNDONE:
        return ngettext("%(n)s comment undone.", "%(n)s comments undone.", number, n=n)
    if bulk.action is BulkAction.APPROVE:
        return ngettext("%(n)s comment approved.", "%(n)s comments approved.", number, n=n)
    if bulk.action is BulkAction.REJECT:
        return ngettext("%(n)s comment rejected.", "%(n)s comments rejected.", number, n=n)
    return ngettext("%(n)s comment escalated.", "%(n)s comments escalated.", number, n=n)


def comments(number: int) -> str:
    """Say how many comments."""
    return ngettext("%(n)s comment", "%(n)s comments", number, n=written(number))


def title(bulk: Bulk) -> str:
    """Say how far a bulk is."""
    if bulk.action is None:
        return gettext("Decide together")
    return STATES[bulk.state]
