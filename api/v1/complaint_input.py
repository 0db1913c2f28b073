"""Reports and appeals as sites send them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.v1.field_types import NO_NUL, ExternalId, Name
from moderation.model import appeals, reports
from moderation.model.reports import NewReport, Notice, ReportReason


class _Input(BaseModel):
    # A misspelt field would otherwise be lost without a word.
    model_config = ConfigDict(extra="forbid", frozen=True)


class NoticeInput(_Input):
    """The reader says that the comment is illegal: a notice by article 16 of the DSA."""

    contact: Name | None = Field(
        default=None,
        description="How to reach the reader: personal data, erased in the hour after the "
        "decision, or after 180 days.",
    )


class ReportInput(_Input):
    """A reader's complaint."""

    reporter: ExternalId = Field(
        description="The site's own id of the reader, kept only as a salted digest: one report of "
        "each on a text counts."
    )
    reason: ReportReason
    words: Annotated[str, Field(max_length=reports.MAX_WORDS, pattern=NO_NUL)] | None = Field(
        default=None, description="What the reader wrote, for moderators to read."
    )
    notice: NoticeInput | None = Field(
        default=None, description="Given where the reader says that the comment is illegal."
    )

    def to_new(self) -> NewReport:
        """Return the domain's value: empty strings as None."""
        notice = None if self.notice is None else Notice(self.notice.contact or None)
        return NewReport(self.reporter, self.reason, self.words or None, notice)


class AppealInput(_Input):
    """An author's appeal."""

    words: Annotated[str, Field(max_length=appeals.MAX_WORDS, pattern=NO_NUL)] | None = Field(
        default=None, description="What the author wrote, for moderators to read."
    )
