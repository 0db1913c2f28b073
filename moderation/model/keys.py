"""API keys: what one may be used for."""

from enum import StrEnum


class KeyScope(StrEnum):
    """What a key opens: it lies where it is used, and must not be worth more there.

    Whoever finds the key by which a site's pages post comments cannot switch moderation off, nor
    read from which scores on comments are flagged.
    """

    COMMENTS = "comments"
    POLICY = "policy"
