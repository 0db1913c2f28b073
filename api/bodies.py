"""Bodies of requests: how large they may be, and read whole within that."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

MAX_BYTES = 256 * 1024
"""Of one request: 20,000 characters, however they are escaped."""
MAX_LARGE_BYTES = 4 * 1024 * 1024
"""Of a batch, and of what may hold all word lists of a policy.

Proxies as docs/deploying.md sets them up let hardly more through.
"""


def allow(most_bytes: int) -> None:
    """Let the present request be as large; only for who may send it, before it is read."""
    request.max_content_length = request.max_form_memory_size = most_bytes


def read_bytes() -> bytes:
    """Return the request's body. Raises RequestEntityTooLarge."""
    body = request.get_data()
    # Werkzeug cuts a body that comes in chunks off at the limit, without a word.
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(body) >= limit:
        raise RequestEntityTooLarge
    return body
