"""A browser says in which zone it is, and reads times in it from then on."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import sign_in
from tests.e2e.pages.scene import ADA, Scene
from tests.e2e.pages.serving import Served

pytestmark = pytest.mark.browser


def test_times_are_in_the_zone_of_the_browser(
    desk: Served, furniture: Scene, browser: Browser
) -> None:
    with browser.new_context(timezone_id="Asia/Kolkata") as context:
        page = context.new_page()
        sign_in(page, desk.base_url, ADA)
        page.goto(f"{desk.base_url}/comments/{furniture.told}")
        received = page.locator("dt", has_text="Received").locator("xpath=../dd")
        expect(received).to_have_text(re.compile(r":\d\d IST$"))
