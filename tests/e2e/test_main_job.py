"""The main job in its user's own words, on real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Page, expect

from moderation.broker import lane_key
from moderation.model.jobs import Lane
from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, new_mark, post, sign_in, told
from tests.factories import INSULT
from tests.installation import Installation, installation, wait_until

CIVIL = "I disagree with the minister about taxes, and here is why."


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[Installation]:
    """An installation of which nothing runs yet."""
    with installation(tmp_path) as made:
        yield made


def test_the_jobs_id_is_on_the_redis_list_between_intake_and_worker(idle: Installation) -> None:
    idle.start("valkey", "web")
    idle.ready()
    assert idle.post("/v1/comments", {"external_id": "c1", "text": INSULT}).status == 202
    [(job_id,)] = idle.rows("SELECT id FROM jobs")
    with redis.Redis.from_url(idle.settings.redis_url.get_secret_value()) as client:
        wait_until(lambda: client.llen(lane_key(Lane.LIVE)) == 1)
        [listed] = client.lrange(lane_key(Lane.LIVE), 0, -1)
        assert listed.decode().replace("-", "") == job_id
        assert all(INSULT.encode() not in client.dump(key) for key in client.scan_iter())
    idle.start("classify")
    wait_until(idle.all_decided)
    assert idle.rows("SELECT source, action FROM decisions") == [("automation", "flag")]


def test_the_decision_is_written_by_a_celery_worker(idle: Installation) -> None:
    idle.start("valkey", "web")
    idle.ready()
    waited = {"Prefer": "wait=1"}
    answer = idle.post("/v1/comments", {"external_id": "c1", "text": CIVIL}, **waited)
    assert (answer.status, answer.body["status"]) == (202, "pending")
    idle.start("classify")
    wait_until(idle.all_decided)
    assert idle.get(answer.headers["Location"]).body["display"] == "show"


def test_a_site_that_waits_gets_its_decision_in_the_answer(copydesk: Copydesk) -> None:
    comment = {"external_id": "waited", "text": CIVIL}
    answer = copydesk.installation.post("/v1/comments", comment, Prefer="wait=10")
    assert answer.status == 200
    assert answer.body["display"] == "show"
    assert answer.body["decision"]["source"] == "automation"


@pytest.mark.browser
@pytest.mark.usefixtures("empty_queue")
def test_a_flagged_comment_is_on_the_desk_and_an_approved_one_is_not(
    copydesk: Copydesk, page: Page
) -> None:
    rude, civil = new_mark(), new_mark()
    post(copydesk, INSULT, name=rude)
    post(copydesk, CIVIL, name=civil)
    sign_in(page, copydesk.base_url, wanted="/")
    # The end of it: in between there may be marks by now, which say of what.
    expect(card(page, rude)).to_contain_text("everybody hates you.")
    expect(card(page, civil)).to_have_count(0)


@pytest.mark.browser
@pytest.mark.usefixtures("empty_queue")
def test_approving_a_flagged_comment_tells_the_site_by_a_signed_webhook(
    copydesk: Copydesk, page: Page
) -> None:
    mark = new_mark()
    with told(copydesk) as listening:
        comment = copydesk.installation.get(post(copydesk, INSULT, name=mark)).body
        named = (comment["id"], comment["external_id"])
        sign_in(page, copydesk.base_url)
        card(page, mark).get_by_role("button", name="Approve").click()

        def decisions() -> list[tuple[str, str]]:
            # By their ids: what was not answered quickly enough is sent again.
            messages = {one.id: one.verify(listening.secret) for one in listening.site.received}
            return [
                (data["decision"]["action"], data["display"])
                for data in (message["data"] for message in messages.values())
                if (data["comment_id"], data["external_id"]) == named
            ]

        wait_until(lambda: len(decisions()) > 1)
    assert decisions() == [("flag", "hold"), ("approve", "show")]
