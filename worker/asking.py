"""The loop behind the Celery task `ask`: one question at a time, and never in anybody's way."""

import time
from math import inf
from threading import Lock

import structlog

from moderation.model.perspective import Question
from moderation.runtime import Runtime
from moderation.services.asking import claim_question, settle
from worker.perspective import ask as ask_perspective

log = structlog.get_logger()

_ASKING = Lock()
"""Of the threads that send webhooks, at most one waits for Perspective."""


def ask(runtime: Runtime, seconds: float = 1.0) -> None:
    """Ask what may be asked now, for about so many seconds. Raises StorageUnavailable."""
    if not _ASKING.acquire(blocking=False):
        return
    try:
        _ask(runtime, time.monotonic() + seconds)
    finally:
        _ASKING.release()


def _ask(runtime: Runtime, until: float) -> None:
    again_at = inf
    while time.monotonic() < until:
        if question := claim_question(runtime):
            again_at = min(again_at, time.monotonic() + question.spacing)
            _settle(runtime, question)
        elif again_at < until:
            # The sweep comes once a second: what may be asked sooner is asked here.
            time.sleep(max(0.0, again_at - time.monotonic()))
            again_at = inf
        else:
            return


def _settle(runtime: Runtime, question: Question) -> None:
    reply = ask_perspective(question, runtime.settings.perspective_url, runtime.clock.now())
    settle(runtime, question, reply)
    log.info(
        "perspective_asked",
        comment=str(question.comment_id),
        scores=len(reply.scores),
        problem=reply.problem,
        state=reply.state,
    )
