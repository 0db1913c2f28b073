"""What metrics ask is read off indexes of what waits, however long the history is."""

from moderation.runtime import Runtime
from moderation.services.gauges import measure
from tests.factories import Agora
from tests.plans import plans


def test_the_oldest_that_waits_is_the_first_of_an_index(runtime: Runtime, agora: Agora) -> None:
    assert agora.site_id
    found = plans(runtime, measure_once, runtime)
    [steps] = [steps for statement, steps in found.items() if "min(reviews.opened_at)" in statement]
    assert "ix_reviews_opened" in " ".join(steps)


def measure_once(runtime: Runtime) -> None:
    measure(runtime)
