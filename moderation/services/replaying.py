"""Replaying: comments of a period in classes that no policy in question can tell apart."""

from collections.abc import Sequence
from dataclasses import replace

from moderation.model.decisions import Action
from moderation.model.ladders import ladders_of, limits_of
from moderation.model.overrides import parts_of
from moderation.model.policy import Policy
from moderation.model.simulation import FactClass, lines_of
from moderation.model.verdicts import decide
from moderation.storage import simulation
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed


def replay(
    connection: Connection, every: Replayed, policies: Sequence[Policy]
) -> tuple[Replayed, list[FactClass]]:
    """Return these comments in their classes, and with what tells their classes apart."""
    lines = lines_of(policies)
    above = min((line for several in lines.values() for line in several), default=1.0)
    ladders, limits = ladders_of(policies), limits_of(policies)
    of = replace(every, ladders=ladders, limits=limits, above=above)
    ordinary = simulation.ordinary(connection, of)
    if any(_is_stopped(one, by) for one in ordinary for by in policies):
        # Under such a policy there is nothing ordinary, and what becomes of it is to be told apart.
        of, ordinary = replace(of, above=None), []
    return of, [*ordinary, *simulation.classes(connection, of)]


def _is_stopped(one: FactClass, policy: Policy) -> bool:
    """Say whether a policy stops these comments in some place."""
    return any(decide(one.facts, part).action is not Action.APPROVE for part in parts_of(policy))
