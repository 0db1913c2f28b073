"""Scoring at once: the process that answers the web, over HTTP, with scores of a few texts.

gunicorn runs it, as worker/scoring_conf.py says. It opens no database and no Redis, and keeps and
logs nothing of a text. `GET /` says who judges, `POST /` judges.
"""

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from pydantic import ValidationError

from moderation.markup import as_read
from moderation.model.scoring import Judge, Judgement, Passage
from moderation.progress import Mark
from moderation.scoring import JUDGE, JUDGEMENTS, QUESTION
from moderation.telemetry import configure_logs
from worker import weights
from worker.admission import Admission, TooBusy
from worker.reading import Reader

log = structlog.get_logger()

WAITING = 16
"""Requests for each that computes; more would only wait for their deadline."""

MOST_BYTES = 4 * 1024 * 1024
"""Of one request; the web sends some hundred kilobytes at most."""

HUNG_SECONDS = 300.0
"""A turn is broken off at its deadline, between two tensor calls; only one that has to load another
classifier lasts longer. This one never comes back."""

LOADING_SECONDS, PATIENCE_SECONDS = 600.0, 120.0
"""How old the mark of progress may get while the classifier is loaded, and from then on: a process
that nobody asks is asked whether it answers."""

StartResponse = Callable[[str, list[tuple[str, str]]], object]
Answer = tuple[HTTPStatus, bytes]


@dataclass(frozen=True, slots=True)
class Application:
    """The WSGI application; `authorization` is what a request must carry."""

    reader: Reader
    admission: Admission
    authorization: str
    mark: Mark

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """Answer one request."""
        status, body = self._answer(environ)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        given = environ.get("HTTP_AUTHORIZATION", "")
        if not hmac.compare_digest(given.encode(), self.authorization.encode()):
            return HTTPStatus.UNAUTHORIZED, b""
        if environ["REQUEST_METHOD"] != "POST":
            return self._introduce()
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > MOST_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b""
        return self._judge(environ["wsgi.input"].read(length))

    def _introduce(self) -> Answer:
        """Say who judges, unless a turn hangs: then whoever asks may end this process."""
        if self.admission.longest() > HUNG_SECONDS:
            return HTTPStatus.SERVICE_UNAVAILABLE, b""
        own = self.reader.classifier
        return HTTPStatus.OK, JUDGE.dump_json(Judge(own.version, own.labels, own.languages))

    def _judge(self, body: bytes) -> Answer:
        arrived = time.monotonic()
        try:
            question = QUESTION.validate_json(body)
            until = arrived + question.seconds
            with self.admission.turn(until):
                judged = [self._judgement(passage, until) for passage in question.passages]
        except ValidationError:
            return HTTPStatus.BAD_REQUEST, b""
        except TooBusy:
            return HTTPStatus.SERVICE_UNAVAILABLE, b""
        except Exception as error:  # noqa: BLE001 - a text may do anything to a model
            log.error("scoring_failed", error=type(error).__name__)  # noqa: TRY400 - no word of it
            return HTTPStatus.INTERNAL_SERVER_ERROR, b""
        self.mark.touch()
        return HTTPStatus.OK, JUDGEMENTS.dump_json(judged)

    def _judgement(self, passage: Passage, until: float) -> Judgement:
        def in_time() -> None:
            if time.monotonic() > until:
                raise TooBusy

        read = self.reader.read(passage)
        parts = [as_read(part, passage.format) for part in passage.parts]
        whole, *rest = read.judge.classify([read.text, *parts], between=in_time)
        return Judgement(read.facts(whole), tuple(rest), read.judge.languages)


def from_environment() -> Application:
    """Return the application for gunicorn, with its classifier loaded. Raises NotConfigured."""
    settings = weights.settings()
    configure_logs(as_json=settings.log_json)
    mark = Mark(settings.var, "scoring")
    mark.begin(LOADING_SECONDS)
    reader = Reader(weights.weights(), weights.other_classifier)
    admission = Admission(settings.workers, settings.workers * WAITING)
    mark.begin(PATIENCE_SECONDS)
    return Application(reader, admission, settings.scoring_authorization, mark)
