"""Dragging a line, by hand or by key, shows what would change, and publishes nothing."""

import re

import pytest
from playwright.sync_api import expect

from moderation.services.tuning import read_tuning
from tests.e2e.pages.conftest import Open
from tests.e2e.pages.scene import Scene
from tests.e2e.pages.serving import Served

pytestmark = pytest.mark.browser


def test_a_line_is_moved_by_keys_and_says_at_once_what_would_change(
    desk: Served, furniture: Scene, look_at: Open
) -> None:
    looker = look_at(desk)
    page = looker.page
    page.goto(f"{desk.base_url}/thresholds?site=agora")
    slider = page.get_by_label("Flag from, insult, as a line")
    field, told = page.get_by_label("Flag from, insult", exact=True), page.locator("#told")
    expect(told).to_contain_text("wait for a person")
    line = page.locator("tr", has=slider).locator(".histogram .line")
    before = line.get_attribute("d")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(field).to_have_value("0.79")
    assert line.get_attribute("d") != before
    expect(told).to_contain_text("as many as now")
    slider.fill("0.6")
    expect(told).to_contain_text("would wait for a person instead of")
    expect(page.locator("#simulated")).to_contain_text("approved now, would wait for a person")
    field.fill("0.7")
    expect(slider).to_have_value("0.7")
    expect(told).to_contain_text("as many as now")
    looker.watch.expected_status = 422
    field.fill("much")
    expect(told).to_contain_text("write a number such as 0.8")
    assert looker.watch.inspect(page) == []
    found = read_tuning(desk.runtime, furniture.ada, furniture.agora.site_id)
    assert len(found.history) == 1


def test_a_line_to_reject_says_at_once_how_far_it_is_from_being_earned(
    desk: Served, look_at: Open
) -> None:
    looker = look_at(desk)
    page = looker.page
    page.goto(f"{desk.base_url}/thresholds?site=agora")
    evidence = page.locator("#evidence-insult")
    expect(evidence).to_contain_text("From 0.8 on")
    page.get_by_label("Let the classifier reject by itself").check()
    page.get_by_label("Reject from, insult").fill("0.95")
    expect(evidence).to_contain_text("From 0.95 on")
    assert looker.watch.inspect(page) == []


def test_without_a_script_there_is_no_slider_and_the_button_shows_the_same(
    desk: Served, look_at: Open
) -> None:
    page = look_at(desk).page
    page.route(re.compile(r"\.js$"), lambda route: route.abort())
    page.goto(f"{desk.base_url}/thresholds?site=agora")
    expect(page.get_by_label("Flag from, insult, as a line")).to_be_hidden()
    page.get_by_label("Flag from, insult", exact=True).fill("0.55")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#told")).to_contain_text("would wait for a person instead of")
    expect(page.locator(".flips .rows li")).not_to_have_count(0)
