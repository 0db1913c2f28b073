"""A site that leaves Perspective takes its threshold over, in the browser, and it decides."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from moderation.services.carrying import ENOUGH
from tests.e2e.conftest import Copydesk
from tests.e2e.desk import sign_in
from tests.factories import INSULT
from tests.installation import wait_until

pytestmark = pytest.mark.browser

CIVIL = "The council meets on Tuesday, and the minutes are public."


def test_a_threshold_of_perspective_is_carried_over_published_and_obeyed(
    newcomer: Copydesk, page: Page
) -> None:
    # Perspective thought little of what we call an insult: the site flagged there from 0.3 on.
    halves = (ENOUGH + 1) // 2
    send(newcomer, {CIVIL: 0.05, INSULT: 0.35}, times=halves)
    sign_in(page, newcomer.base_url)
    page.goto(f"{newcomer.base_url}/thresholds/perspective")
    page.locator("input[name=at_TOXICITY]").fill("0.3")
    page.get_by_role("button", name="Show ours").first.click()
    page.get_by_role("button", name="Fill into the thresholds form").click()
    filled = page.get_by_label("Flag from, toxicity", exact=True)
    expect(filled).not_to_have_value("0.85")
    taken_over = float(filled.input_value())
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.locator(".banner")).to_contain_text("Version 2 is in force")
    [(flags,)] = newcomer.installation.rows(
        "SELECT json_extract(thresholds, '$.toxicity.flag') FROM policies WHERE version = 2"
    )
    assert flags == pytest.approx(taken_over)
    send(newcomer, {INSULT: 0.35}, times=1)
    versions = newcomer.installation.rows("SELECT policy_version FROM decisions ORDER BY id")
    assert versions[-1] == (2,)


def send(copydesk: Copydesk, scored: dict[str, float], *, times: int) -> None:
    """Post comments with the scores that Perspective gave them, and wait until all are decided."""
    desk = copydesk.installation
    batch = [
        {
            "external_id": uuid4().hex,
            "text": text,
            "perspective_scores": {"TOXICITY": score},
        }
        for text, score in scored.items()
        for _ in range(times)
    ]
    for start in range(0, len(batch), 50):
        answer = desk.post("/v1/comments/batch", {"comments": batch[start : start + 50]})
        assert answer.status in (200, 202), answer.body
    wait_until(desk.all_decided)
