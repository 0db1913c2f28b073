"""Pages say where automation has rejected as many comments as it may, and how many that is."""

import pytest

from moderation.runtime import Runtime
from moderation.services.sites import change_site
from tests.evidence import SURELY, write_policy
from tests.factories import Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.test_capping import REJECTING

SAID = "automation has rejected 2 comments within an hour, as many as it may."


@pytest.fixture(autouse=True)
def rejecting(runtime: Runtime, agora: Agora) -> None:
    write_policy(runtime, agora.site_id, REJECTING)
    change_site(runtime, "agora", rejections_an_hour=2)


@pytest.mark.parametrize("path", ["/shift", "/rates"])
def test_a_cap_that_was_reached_is_said(
    runtime: Runtime, agora: Agora, olga: Browser, path: str
) -> None:
    for n in range(3):
        assert SAID not in olga.get(path).text
        submit(runtime, agora.site_id, f"c{n}")
        classify_all(runtime, SURELY)
    assert SAID in olga.get(path).text
    waiting = olga.get("/queue").text
    assert "automation has rejected as many this hour as it may" in waiting
    assert "insult 0.97, flags from 0.80" in waiting


def test_the_thresholds_page_says_how_much_may_be_rejected(olga: Browser) -> None:
    assert (
        "Scores and rules together reject at most 2 comments an hour here"
        in olga.get("/thresholds").text
    )
