"""The plain way to build this: one Celery task for each comment.

As one would write it from the manuals: a task gets the comment's id, reads the comment, classifies
it and writes the decision in a transaction of its own; messages are acknowledged late. The database
promises as much as ours does.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from sqlalchemy import JSON, Engine, ForeignKey, create_engine, event, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from moderation.model.classification import Facts
from moderation.model.labels import Scores
from moderation.model.policy import first_policy
from moderation.model.verdicts import decide
from moderation.settings import Settings

Classify = Callable[[str], Scores]

TASK = "plain.classify"


class Base(DeclarativeBase):
    pass


class PlainComment(Base):
    __tablename__ = "plain_comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    status: Mapped[str] = mapped_column(default="pending", index=True)
    received_at: Mapped[datetime]


class PlainDecision(Base):
    __tablename__ = "plain_decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("plain_comments.id"), index=True)
    action: Mapped[str]
    scores: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime]


def make_app(settings: Settings) -> Celery:
    """Return the application for both sides, with Celery's defaults but for the stated ones."""
    app = Celery("plain", broker=broker_url(settings), set_as_current=False)
    app.conf.update(
        task_acks_late=True,
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
        task_default_queue="plain",
        worker_hijack_root_logger=False,
    )
    return app


def make_worker(settings: Settings, load: Callable[[], Classify], version: str) -> Celery:
    """Return the workers' application; each process loads its model once."""
    app = make_app(settings)
    policy = first_policy(version)
    held: dict[str, Any] = {}

    def start(**_: object) -> None:
        held["engine"] = make_engine(settings.database_url)
        held["classify"] = load()

    def classify(comment_id: int) -> None:
        with Session(held["engine"]) as session, session.begin():
            comment = session.get_one(PlainComment, comment_id)
            scores = held["classify"](comment.text)
            verdict = decide(Facts(classifier=version, scores=scores), policy)
            named = {label.value: score for label, score in scores.items()}
            session.add(
                PlainDecision(
                    comment_id=comment.id,
                    action=verdict.action.value,
                    scores=named,
                    decided_at=datetime.now(UTC),
                )
            )
            comment.status = verdict.action.status.value

    worker_process_init.connect(start, weak=False)
    app.task(name=TASK, autoretry_for=(OperationalError,), retry_backoff=True)(classify)
    return app


def store(engine: Engine, texts: Sequence[str]) -> list[int]:
    """Store comments as intake would, and return their ids."""
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        rows = [{"text": text, "received_at": now} for text in texts]
        return list(session.scalars(insert(PlainComment).returning(PlainComment.id), rows))


def undecided(engine: Engine) -> bool:
    waiting = select(PlainComment.id).where(PlainComment.status == "pending").limit(1)
    with Session(engine) as session:
        return session.scalar(waiting) is not None


def make_engine(url: str) -> Engine:
    """Return an engine whose commits outlive a power cut, as ours do."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    return engine


def broker_url(settings: Settings) -> str:
    """Return the same Valkey, but a database of its own in it."""
    return settings.redis_url.get_secret_value().rpartition("/")[0] + "/1"


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
