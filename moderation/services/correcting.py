"""Correcting: what policies stop of all that people would reject, as the audit tells."""

from collections.abc import Sequence

from moderation.model.corrected import Correction, correct
from moderation.model.miss_rates import FEW, weigh
from moderation.model.simulation import Comparison, FactClass
from moderation.storage import said_by_people
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed

MOST = 20_000
"""Samples that figures rest on at most: the newest, half a year of the largest sites."""


def corrected(
    connection: Connection, of: Replayed, both: Comparison, classes: Sequence[FactClass]
) -> Correction:
    """Estimate what each policy stops of all that people would reject; `classes` are all there is.

    Where too few samples were judged nothing more is read: somebody drags a line.
    """
    judged = said_by_people.count_judged(connection, of, FEW)
    if judged < FEW:
        return Correction(sum(one.number for one in classes), judged, 0)
    weighed = weigh(said_by_people.samples(connection, of, MOST))
    return correct(both, classes, said_by_people.stopped(connection, of), weighed)
