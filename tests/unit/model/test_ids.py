import time
from datetime import UTC, datetime

from moderation.model.ids import new_uuid


def test_ids_of_one_thread_sort_in_the_order_in_which_they_were_made() -> None:
    made = [new_uuid() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_tells_its_version_and_when_it_was_made() -> None:
    before = time.time()
    made = new_uuid()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    moment = datetime.fromtimestamp((made.int >> 80) / 1000, UTC).timestamp()
    assert before - 0.001 <= moment <= time.time()
