"""Signatures: proof that a request comes from a site's own Coral, unchanged.

Coral signs the body alone, so nothing says when it was sent. Whoever sends an old request again
learns what was decided, and changes nothing: the same comment is one comment.
"""

import hmac

HEADER = "X-Coral-Signature"
MOST = 4
"""Signatures that are looked at: while Coral rolls a secret there are two."""

_SCHEME = "sha256="


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Say whether one of the signatures in a header was made with this secret."""
    right = hmac.digest(secret.encode(), body, "sha256").hex()
    given = [one.strip() for one in header.split(",", MOST)[:MOST]]
    # All of them, in constant time each.
    same = [hmac.compare_digest(one.encode(), f"{_SCHEME}{right}".encode()) for one in given]
    return any(same)
