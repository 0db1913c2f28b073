"""Authors: by what one of a site is known again."""

from dataclasses import dataclass

from moderation.model.comments import Author


@dataclass(frozen=True, slots=True)
class KnownAuthor:
    """An author by the site's own id, or by name where the site sent none: then perhaps several."""

    value: str
    by_id: bool

    @property
    def key(self) -> str:
        """The author in one word, in which no name is taken for an id."""
        return f"{'id' if self.by_id else 'name'}:{self.value}"


def known(author: Author) -> KnownAuthor | None:
    """Return by what an author is known again; None where the site said neither."""
    if author.id:
        return KnownAuthor(author.id, by_id=True)
    return KnownAuthor(author.name, by_id=False) if author.name else None
