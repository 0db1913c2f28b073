"""Ask for thresholds, look at what they would do, publish them: by the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure
from moderation.runtime import Runtime
from moderation.services.sites import find_site, policy_in_force
from tests.audited_site import fill
from tests.e2e.pages.conftest import Open
from tests.e2e.pages.serving import served
from tests.factories import CLASSIFIER

pytestmark = pytest.mark.browser


def test_ask_look_and_publish(runtime: Runtime, look_at: Open) -> None:
    fill(runtime, find_site(runtime, "agora").id)
    with served(runtime) as desk:
        looker = look_at(desk)
        page = looker.page
        page.goto(f"{desk.base_url}/thresholds?site=agora")
        expect(page.locator(".advice")).to_contain_text("Now there are enough comments")
        page.locator(".fold > summary").click()
        page.get_by_label("Links to other sites, from", exact=True).fill("3")
        page.get_by_label("Miss at most").fill("50")
        page.keyboard.press("Enter")
        expect(page.locator(".advised")).to_contain_text("At most 50 % of what moderators")
        expect(page.locator("#told")).to_contain_text("560 would wait for a person instead of 240")
        expect(page.locator("#corrected + p")).to_contain_text("moderators would reject about 180")
        expect(page.get_by_label("Links to other sites, from", exact=True)).to_have_value("3")
        line = page.get_by_label("Flag from, insult", exact=True).input_value()
        assert 0.5 < float(line) <= 0.6
        expect(page.get_by_label("Why you change them")).to_have_value(re.compile("Advised for"))
        page.get_by_role("button", name="Publish version 2").click()
        expect(page.get_by_text("Version 2 is in force")).to_be_visible()
        assert looker.watch.inspect(page) == []
    policy = policy_in_force(runtime, "agora", CLASSIFIER)
    assert policy.thresholds[Label.INSULT].flag == float(line)
    assert policy.limits == {Measure.LINKS: Limit(3)}
