"""The whole matrix in small, on both databases; `make faults` runs the large one."""

from pathlib import Path

import pytest

from tests.faults.matrix.plan import SHORT
from tests.faults.matrix.run import DATABASES, run


@pytest.mark.slow
@pytest.mark.parametrize("database", DATABASES)
def test_every_accepted_comment_is_decided_and_told_once_whatever_goes_wrong(
    database: str, tmp_path: Path
) -> None:
    outcome = run(database, SHORT, lambda _: None, tmp_path / "logs")
    assert outcome.broken == {}
    assert outcome.result.kept
    assert outcome.result.faults == sum(SHORT.counts.values())
    assert outcome.result.attempted_again, "no batch was hit"
    assert outcome.result.aimed_at_mid_batch == 5
    assert outcome.result.hit_in_mid_batch, "none was hit in mid-batch"
    assert outcome.result.accepted >= SHORT.comments
