"""POST /v1/comments/batch: accept several comments, each with its own result."""

from http import HTTPStatus
from typing import Any

from flask import Response
from pydantic import BaseModel, Field

from api.bodies import MAX_LARGE_BYTES
from api.problems import Problem, problem_of
from api.v1.access import access
from api.v1.comment_input import MAX_BATCH, BatchInput, CommentInput
from api.v1.comment_resource import CommentResource, resource_of
from api.v1.operation import Operation, Success
from api.v1.parsing import check, read_json
from api.v1.problem_document import ProblemDocument
from api.v1.repeating import KEY_HEADERS, REPLAYED_HEADERS, answer_once
from api.web import web
from moderation.model.comments import NewComment
from moderation.model.errors import FieldError, InvalidInput, ModerationError
from moderation.services.accepting import Submitted
from moderation.services.idempotency import Answer
from moderation.services.reading import get_comment


class Result(BaseModel):
    """What became of one comment: as if it had been sent alone."""

    status: int = Field(description="202, 200, or the status of the problem.")
    comment: CommentResource | None = None
    problem: ProblemDocument | None = None


class BatchResult(BaseModel):
    """One result for each comment, in the order they were sent."""

    results: list[Result]


def submit_batch() -> Response:
    """Accept up to a hundred comments; one that is refused does not hold up the others."""
    parsed = [_parse(item) for item in _items(read_json())]
    return answer_once(lambda: _submit(parsed))


def _items(body: object) -> list[object]:
    """Take the envelope off; what is inside is judged one by one."""
    if not isinstance(body, dict) or set(body) != {"comments"}:
        raise InvalidInput('A batch reads {"comments": [...]}, without other fields.')
    items = body["comments"]
    if not isinstance(items, list) or not 0 < len(items) <= MAX_BATCH:
        error = FieldError("/comments", f"a list of 1 to {MAX_BATCH} comments is needed")
        raise InvalidInput("The batch has no comments, or too many.", (error,))
    return items


def _parse(item: object) -> NewComment | ModerationError:
    try:
        return check(CommentInput, item).to_new(web().runtime.settings, access().site_id)
    except InvalidInput as error:
        return error


def _submit(parsed: list[NewComment | ModerationError]) -> Answer:
    good = [item for item in parsed if isinstance(item, NewComment)]
    stored = iter(web().intake.submit_many(access().site_id, good))
    outcomes = [next(stored) if isinstance(item, NewComment) else item for item in parsed]
    results = [_result(outcome) for outcome in outcomes]
    # Read from the results: a comment may be stored and its state not be readable just now.
    passing = any(result["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR for result in results)
    return Answer(HTTPStatus.OK, {"results": results}, passing=passing)


def _result(outcome: Submitted | ModerationError) -> dict[str, Any]:
    try:
        if isinstance(outcome, ModerationError):
            raise outcome
        view = get_comment(web().runtime, access().site_id, outcome.comment_id)
    except ModerationError as error:
        return _refusal(problem_of(error))
    status = HTTPStatus.ACCEPTED if outcome.changed else HTTPStatus.OK
    return {"status": status, "comment": resource_of(view)}


def _refusal(problem: Problem) -> dict[str, Any]:
    return {"status": problem.kind.status, "problem": problem.document()}


OPERATION = Operation(
    method="POST",
    path="/comments/batch",
    view=submit_batch,
    summary="Submit up to a hundred comments",
    body=BatchInput,
    headers=KEY_HEADERS,
    successes={200: Success("One result each.", BatchResult, headers=REPLAYED_HEADERS)},
    problems=(409,),
    most_bytes=MAX_LARGE_BYTES,
)
