"""Every page of the dashboard is looked at by the tests of all pages."""

from api.dashboard.routes import ROUTES
from tests.e2e.pages.visits import NO_PAGES, VISITS

DRAWN = {route.view.__name__ for route in ROUTES if "GET" in route.methods} - set(NO_PAGES)


def test_every_page_has_a_visit_in_tests_e2e_pages_visits() -> None:
    assert sorted(DRAWN - {visit.view for visit in VISITS}) == []


def test_no_visit_is_to_a_page_that_is_gone() -> None:
    assert {visit.view for visit in VISITS} <= DRAWN
    assert set(NO_PAGES) <= {route.view.__name__ for route in ROUTES}
