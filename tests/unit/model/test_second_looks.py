"""How often people agree: what is counted, and when that is too little to say."""

import pytest

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.reviews import Cause
from moderation.model.second_looks import FEW, Looked, agreement

APPROVE, REJECT = Action.APPROVE, Action.REJECT
BOTH = Cause.INSULT | Cause.THREAT
FOUND = (
    Looked(Cause.INSULT, REJECT, REJECT, None, 5),
    Looked(BOTH, REJECT, APPROVE, REJECT, 2),
    Looked(Cause.INSULT, REJECT, APPROVE, APPROVE, 1),
    Looked(Cause.REPORT, APPROVE, REJECT, None, 4),
)


@pytest.mark.parametrize(
    ("label", "agreed", "of", "rejected_first", "upheld", "settled"),
    [(None, 5, 12, 3, 2, 3), (Label.INSULT, 5, 8, 3, 2, 3), (Label.THREAT, 0, 2, 2, 2, 2)],
)
def test_each_label_counts_the_comments_that_were_flagged_for_it(  # noqa: PLR0913, PLR0917 - the columns
    label: Label | None, agreed: int, of: int, rejected_first: int, upheld: int, settled: int
) -> None:
    found = agreement(FOUND, label)
    assert (found.agreed.many, found.agreed.of) == (agreed, of)
    assert found.rejected_first == rejected_first
    assert (found.first_upheld.many, found.first_upheld.of) == (upheld, settled)


@pytest.mark.parametrize(("number", "few"), [(FEW - 1, True), (FEW, False)])
def test_a_small_sample_is_called_so(number: int, *, few: bool) -> None:
    assert agreement([Looked(Cause.INSULT, REJECT, REJECT, None, number)]).few is few
