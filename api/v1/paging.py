"""Pages of what grows at its end: where to go on, and how far."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.v1.field_types import Cursor

DEFAULT_LIMIT = 100
MAX_LIMIT = 500


class PageQuery(BaseModel):
    """Where to go on, and how far."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Cursor = Field(
        default="0", description="`next` of an earlier answer; without it, the start."
    )
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)

    @property
    def one_more(self) -> int:
        """How many to look for: whether the last one is there says whether there are more."""
        return self.limit + 1

    def next_page(self, places: Sequence[int]) -> dict[str, Any]:
        """Return what an answer says of the page after it; `places` are of all that was found."""
        shown = places[: self.limit]
        last = str(shown[-1]) if shown else str(int(self.after))
        return {"next": last, "has_more": len(places) > len(shown)}
