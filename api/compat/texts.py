"""Texts as other services take them, and what becomes of those that we could not keep."""

MOST_OF_A_NAME = 255
"""Characters of what a caller names somebody or something by: as of an external id."""

_REPLACEMENT = "\ufffd"
"""What browsers make of NUL, which no database of ours could hold. To refuse it would offer whoever
writes comments a way around the classifier."""


def replace_nul(text: str) -> str:
    """Return a text that a database can hold, as long as before."""
    return text.replace("\0", _REPLACEMENT)
