"""Bodies of requests, read whole and within the limit."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge


def read_bytes() -> bytes:
    """Return the request's body. Raises RequestEntityTooLarge."""
    body = request.get_data()
    # Werkzeug cuts a body that comes in chunks off at the limit, without a word.
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(body) >= limit:
        raise RequestEntityTooLarge
    return body
