"""The words that moderators read of bulks."""

from api.dashboard.numbers import counted
from moderation.model.bulks import Bulk, BulkAction, BulkState, Fate, Means

DONE = {
    BulkAction.APPROVE: "approved",
    BulkAction.REJECT: "rejected",
    BulkAction.ESCALATE: "escalated",
}

MEANS = {
    Means.HAND: "selected by hand",
    Means.AUTHOR: "all by one author",
    Means.TEXT: "all with the same text",
    Means.BAND: "by their score",
}

FATES = {
    Fate.CHANGED: "decided, edited or taken up by somebody since you looked",
    Fate.CLAIMED: "a colleague is on it",
    Fate.ESCALATED: "waits for operators",
    Fate.APPEALED: "an appeal, which is judged by itself",
    Fate.DISPUTED: "two people judged it differently, so a third one decides",
    Fate.ELSEWHERE: "at another site",
    Fate.NOT_ALLOWED: "you may not decide there any more",
    Fate.FAILED: "could not be decided and waits as before; the log says why",
    Fate.STOPPED: "not decided, because you undid it before",
    Fate.KEPT: "not undone: somebody changed it since, or undoing it broke",
}


def comments(number: int) -> str:
    """Say how many comments."""
    return counted(number, "comment")


def title(bulk: Bulk) -> str:
    """Say how far a bulk is."""
    if bulk.action is None:
        return "Decide together"
    doing = {
        BulkState.RUNNING: "Deciding",
        BulkState.DONE: "Decided",
        BulkState.UNDOING: "Undoing",
        BulkState.UNDONE: "Undone",
    }
    return doing[bulk.state]
