"""In how many blocks of the search index is looked at a time."""

import pytest

from moderation.storage.search import BLOCK
from moderation.storage.search_walk import next_width


@pytest.mark.parametrize(
    ("looked_at", "found", "width"),
    [
        pytest.param(48, 20, 1, id="a common word, and a block that was just begun"),
        pytest.param(BLOCK, 40, 1, id="a common word"),
        pytest.param(576, 0, 4, id="nothing, but little was looked at"),
        pytest.param(BLOCK, 0, 16, id="nothing in a whole block"),
        pytest.param(9 * BLOCK, 0, 66, id="nothing in nine: as many as can be asked for"),
        pytest.param(9 * BLOCK, 50, 9, id="what was common is not any more"),
    ],
)
def test_what_is_rare_is_looked_for_in_many_blocks_and_what_is_common_in_few(
    looked_at: int, found: int, width: int
) -> None:
    assert next_width(looked_at, found, most=51, widest=66) == width
