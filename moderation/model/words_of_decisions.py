"""What a person says with a decision, and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.model.decisions import Reason, ReasonKind
from moderation.model.site_reasons import SiteReason, coded


@dataclass(frozen=True, slots=True)
class Words:
    """The code of a site's reason, a note that the site reads, and a message for the author.

    `filled_in_for` is the reason whose message the form began with.
    """

    reason: str | None = None
    note: str | None = None
    message: str | None = None
    filled_in_for: str | None = None

    def reason_among(self, offered: Sequence[SiteReason]) -> Reason:
        """Return the reason with the code and the title that it has now. Raises InvalidInput."""
        if self.reason is None:
            return Reason(ReasonKind.MODERATOR, detail=self.note)
        chosen = coded(offered, self.reason)
        said = f"{chosen.title}: {self.note}" if self.note else chosen.title
        return Reason(ReasonKind.MODERATOR, detail=said, code=chosen.code, title=chosen.title)

    def message_among(self, offered: Sequence[SiteReason]) -> str | None:
        """Return the message; for the one of another reason, left as it was, that of the chosen.

        The form cannot change what it was filled in with while the person chooses, for it works
        without JavaScript. Raises InvalidInput.
        """
        if self.reason is None or self.filled_in_for in {None, self.reason}:
            return self.message
        filled_in = next((one.message for one in offered if one.code == self.filled_in_for), "")
        if (self.message or "") != filled_in.strip():
            return self.message
        return coded(offered, self.reason).message or None


NOTHING_SAID = Words()
