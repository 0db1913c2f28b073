"""The main job in its user's own words, on real processes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Page, expect

from moderation.broker import lane_key
from moderation.model.jobs import Lane
from moderation.services.endpoints import add_endpoint
from moderation.services.sites import find_site
from tests.e2e.conftest import Copydesk
from tests.installation import Installation, installation, wait_until
from tests.receivers import receiver

INSULT = "You are a stupid idiot and everybody hates you."
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


def sign_in(page: Page, copydesk: Copydesk) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(copydesk.email)
    page.get_by_label("Password").fill(copydesk.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/queue"))


@pytest.mark.browser
def test_a_flagged_comment_is_on_the_desk_and_an_approved_one_is_not(
    copydesk: Copydesk, page: Page
) -> None:
    desk = copydesk.installation
    desk.post("/v1/comments", {"external_id": "insult", "text": INSULT}, Prefer="wait=10")
    desk.post("/v1/comments", {"external_id": "civil", "text": CIVIL}, Prefer="wait=10")
    sign_in(page, copydesk)
    expect(page.get_by_text(INSULT).first).to_be_visible()
    expect(page.get_by_text(CIVIL)).to_have_count(0)


@pytest.mark.browser
def test_approving_a_flagged_comment_tells_the_site_by_a_signed_webhook(
    copydesk: Copydesk, page: Page
) -> None:
    desk = copydesk.installation
    with receiver() as site:
        agora = find_site(desk.runtime, "agora")
        added = add_endpoint(desk.runtime, agora.id, site.url)
        text = "You are a complete moron, an idiot, shut up."
        desk.post("/v1/comments", {"external_id": "told", "text": text}, Prefer="wait=10")
        sign_in(page, copydesk)
        card = page.get_by_role("article").filter(has_text=text)
        card.get_by_role("button", name="Approve").click()

        def approved() -> bool:
            told = [one.verify(added.secret)["data"] for one in site.received]
            return ("told", "show") in {(one["external_id"], one["display"]) for one in told}

        wait_until(approved)
        actions = [
            one.message["data"]["decision"]["action"]
            for one in site.received
            if one.message["data"]["external_id"] == "told"
        ]
        assert actions == ["flag", "approve"]
