"""Comparing: what a shadow and the live policy do with the same comments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from moderation.model.beside import Beside, Pair, compare
from moderation.model.ids import CommentId
from moderation.model.overrides import parts_of
from moderation.model.policy import Policy
from moderation.model.shadows import Shadow
from moderation.model.simulation import Change, Comparison, FactClass, lines_of
from moderation.model.verdicts import decide
from moderation.services.replaying import replay
from moderation.storage import shadow_pairs, simulated_comments, simulation
from moderation.storage.database import Connection
from moderation.storage.judgements import kept_by_audit, last_of_people
from moderation.storage.shadow_pairs import Paired
from moderation.storage.simulation import Replayed

SHOWN = 20
"""Of the comments that both decide differently in one way, the newest."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Both on the same comments, and of those on which they differ the newest."""

    beside: Beside
    newest: Mapping[Change, Sequence[CommentId]]


def compare_by_classes(connection: Connection, of: Replayed, both: Comparison) -> Compared:
    """Judge stored facts by two policies for the same scores, class by class."""
    draft = both.live if both.draft is None else both.draft
    of, found = replay(connection, of, [both.live, draft])
    judged = [
        one
        for people in (last_of_people(of.site_id), kept_by_audit(of.site_id))
        for one in simulation.judged(connection, of, people)
    ]
    newest = {
        flip.change: list(simulated_comments.nearest(connection, of, flip, {}, SHOWN))
        for flip in both.flips(found, judged)
    }
    return Compared(compare(both.live, draft, map(_pair, found), map(_pair, judged)), newest)


def compare_by_pairs(
    connection: Connection, shadow: Shadow, classifier: str, live: Policy
) -> Compared:
    """Judge comments that both classifiers scored, each by the policy for its scores."""
    of = Paired(shadow.site_id, classifier, shadow.classifier, shadow.started_at)
    above = (_lowest_line(live), _lowest_line(shadow.policy))
    ordinary = shadow_pairs.ordinary(connection, of, above)
    # Where both differ on such as lie under all lines, some of them are to be shown. What is over a
    # limit is no such thing, so with limits all are read.
    limited = bool(live.limits or shadow.policy.limits)
    alike = not limited and all(_is_alike(pair, live, shadow.policy) for pair in ordinary)
    found = shadow_pairs.others(connection, of, above if alike else None)
    newest: defaultdict[Change, list[CommentId]] = defaultdict(list)
    noted = _noting(found, live, shadow.policy, newest)
    people = (last_of_people(shadow.site_id), kept_by_audit(shadow.site_id))
    judged = [one for each in people for one in shadow_pairs.judged(connection, of, each)]
    every = [*(ordinary if alike else ()), *noted]
    return Compared(compare(live, shadow.policy, every, judged), newest)


def _noting(
    found: Iterable[tuple[CommentId, Pair]],
    live: Policy,
    shadow: Policy,
    newest: defaultdict[Change, list[CommentId]],
) -> Iterator[Pair]:
    """Pass pairs on, and note the first on which both differ."""
    for comment_id, pair in found:
        change = _change(pair, live, shadow)
        if not _is_same(change) and len(newest[change]) < SHOWN:
            newest[change].append(comment_id)
        yield pair


def _is_alike(pair: Pair, live: Policy, shadow: Policy) -> bool:
    """Say whether both do the same with these comments, in whichever place they stand."""
    sides = ((pair.live, live), (pair.shadow, shadow))
    done = {decide(facts, part).action for facts, side in sides for part in parts_of(side)}
    return len(done) == 1


def _change(pair: Pair, live: Policy, shadow: Policy) -> Change:
    return decide(pair.live, live).action, decide(pair.shadow, shadow).action


def _is_same(change: Change) -> bool:
    return change[0] is change[1]


def _lowest_line(policy: Policy) -> float:
    lines = lines_of([policy]).values()
    return min((line for several in lines for line in several), default=1.0)


def _pair(one: FactClass) -> Pair:
    return Pair(one.facts, one.facts, one.number, one.rejected)
