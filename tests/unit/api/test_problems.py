"""Errors become problems."""

import pytest
from flask import Flask

from api import error_handlers
from api.problems import problem_of, problem_of_status
from moderation.model.errors import FieldError, InvalidInput, StaleRevision, Unauthenticated


def test_a_problem_says_what_happened_and_what_to_do() -> None:
    document = problem_of(StaleRevision("Revision 2 is newer.")).document()
    assert document == {
        "type": "/v1/docs#stale-revision",
        "title": "Older text",
        "status": 409,
        "detail": "Revision 2 is newer. Send the newest text of the comment.",
        "code": "stale-revision",
    }


def test_a_problem_points_at_the_wrong_fields() -> None:
    error = InvalidInput("No.", (FieldError("/text", "too long"),))
    assert problem_of(error).document()["errors"] == [{"pointer": "/text", "detail": "too long"}]


def test_who_is_not_known_is_told_how_to_be() -> None:
    assert "Bearer" in problem_of(Unauthenticated("No.")).headers["WWW-Authenticate"]


def test_an_error_without_a_status_of_its_own_has_its_parents() -> None:
    class Sudden(StaleRevision):
        code = "sudden"

    assert problem_of(Sudden("x")).kind.status == 409


@pytest.mark.parametrize(("status", "code"), [(418, "bad-request"), (501, "internal-error")])
def test_an_unexpected_status_counts_as_the_nearest(status: int, code: str) -> None:
    assert problem_of_status(status).code == code


def test_a_page_shows_markup_as_text() -> None:
    app = Flask(__name__)
    error_handlers.register(app)
    with app.test_request_context("/queue"):
        page = error_handlers.present(problem_of(InvalidInput("<script>x</script>")))
    body = page.get_data(as_text=True)
    assert "<script>" not in body
    assert "&lt;script&gt;" in body
