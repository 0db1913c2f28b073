"""Everything that can go wrong, as one tree.

ModerationError
├── InvalidInput             what was sent cannot be used
│   └── IdempotencyMismatch  the idempotency key came with another body before
├── Unauthenticated          nobody we know
├── Forbidden                somebody we know, who may not do this
│   └── OutOfScope           the API key is for something else
├── NotFound                 no such thing, or not for you
├── Erased                   the comment was withdrawn and its text erased
├── Conflict                 what you saw has changed meanwhile
│   ├── StaleRevision        an older text than the one we hold
│   ├── StaleReview          somebody decided, or the comment changed, before you
│   ├── Claimed              a colleague is looking at the comment
│   ├── TooLateToUndo        something newer came, or it is over
│   ├── NothingToAppeal      the comment was not taken off
│   ├── AppealedBefore       the decision was appealed, or is one on an appeal
│   ├── TooLateToAppeal      the decision is too old
│   └── RequestInProgress    the first request with this idempotency key still runs
├── TooManyReports           one reader reports faster than anybody reads
├── ClassifierFailed         a classifier answered, but with no scores of these texts
├── NotConfigured            the installation lacks something an operator must set
└── Transient                try again: the only kind that a worker retries
    ├── ClassifierUnavailable  the classifier is away; no comment is to blame
    ├── ScoringUnavailable   no scores in time: the scoring process is away, late or busy
    └── StorageUnavailable   the database does not answer
        └── Contended        somebody else is changing the same

Each class has a public `code`; only `api.problems` knows which HTTP status it becomes.
"""

from dataclasses import dataclass

from moderation.model.ids import UserId


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one place of the input; `pointer` is a JSON Pointer (RFC 6901)."""

    pointer: str
    detail: str


class ModerationError(Exception):
    """The root: an error that a person outside may be told about.

    `message` may have places such as %(name)s for `values`, so that it can be said in another
    language. Numbers among them are written as that language does: what only names something,
    such as a version, comes as a string.
    """

    code = "error"

    def __init__(self, message: str = "", **values: object) -> None:
        written = {name: _written(value) for name, value in values.items()}
        super().__init__(message % written if values else message)
        self.message = message
        self.values = values


def _written(value: object) -> object:
    """Write numbers as English does."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else value


class InvalidInput(ModerationError):
    """What was sent cannot be used."""

    code = "invalid-input"

    def __init__(self, message: str, errors: tuple[FieldError, ...] = (), **values: object) -> None:
        super().__init__(message, **values)
        self.errors = errors


class IdempotencyMismatch(InvalidInput):
    """The idempotency key was used before, with another body."""

    code = "idempotency-mismatch"


class Unauthenticated(ModerationError):
    """Nobody we know."""

    code = "unauthenticated"


class Forbidden(ModerationError):
    """Somebody we know, who may not do this."""

    code = "forbidden"


class OutOfScope(Forbidden):
    """The API key is a right one, and for something else."""

    code = "out-of-scope"


class NotFound(ModerationError):
    """There is no such thing, or it belongs to somebody else."""

    code = "not-found"


class Erased(ModerationError):
    """The comment was withdrawn; its text and author are erased."""

    code = "erased"


class Conflict(ModerationError):
    """What you saw has changed meanwhile."""

    code = "conflict"


class StaleRevision(Conflict):
    """The text is older than the one we hold, by the site's own `edited_at`."""

    code = "stale-revision"


class StaleReview(Conflict):
    """Somebody decided, or the comment changed, since you looked."""

    code = "stale-review"

    def __init__(
        self,
        detail: str = "Somebody decided on this comment, or it was edited, since you looked.",
    ) -> None:
        super().__init__(detail)


class Claimed(Conflict):
    """A colleague, `by`, is looking at the comment; who knows that may decide all the same."""

    code = "claimed"

    def __init__(self, message: str, by: UserId | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.by = by


class TooLateToUndo(Conflict):
    """Something newer came since what is to be undone, or that is over."""

    code = "too-late-to-undo"


class NothingToAppeal(Conflict):
    """The comment was not taken off, or no longer is."""

    code = "nothing-to-appeal"


class AppealedBefore(Conflict):
    """The decision was appealed before, or is itself the one on an appeal."""

    code = "appealed-before"


class TooLateToAppeal(Conflict):
    """The decision is older than the site lets authors appeal."""

    code = "too-late-to-appeal"


class RequestInProgress(Conflict):
    """The first request with this idempotency key is still under way."""

    code = "request-in-progress"


class TooManyReports(ModerationError):
    """One reader sent more reports within the hour than anybody reads comments."""

    code = "too-many-reports"


class ClassifierFailed(ModerationError):
    """A classifier answered, but with no scores of these texts; says why, and quotes nothing."""

    code = "classifier-failed"


class NotConfigured(ModerationError):
    """The installation lacks something that an operator must set."""

    code = "not-configured"


class Transient(ModerationError):
    """It may work a moment later: the only kind of error that a worker retries."""

    code = "transient"


class ClassifierUnavailable(Transient):
    """The classifier is away and has taken no notice of the texts; `seconds` says for how long."""

    code = "classifier-unavailable"

    def __init__(self, detail: str, seconds: float = 0.0) -> None:
        super().__init__(detail)
        self.seconds = seconds


class StorageUnavailable(Transient):
    """The database does not answer, is full or is locked for too long."""

    code = "storage-unavailable"


class Contended(StorageUnavailable):
    """Somebody else is changing the same, and one of the two has to begin anew."""

    code = "contended"


class ScoringUnavailable(Transient):
    """There are no scores in time: the scoring process is away, late or has too much to do."""

    code = "scoring-unavailable"
