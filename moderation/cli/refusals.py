"""What a command says of an error, line by line."""

from moderation.model.errors import InvalidInput, ModerationError, StorageUnavailable


def told(error: ModerationError) -> list[str]:
    """Return what went wrong, the whole first and then its parts."""
    said = str(error).splitlines()
    if isinstance(error, InvalidInput) and error.errors:
        return [*said, *(f"{wrong.pointer}: {wrong.detail}" for wrong in error.errors)]
    if isinstance(error, StorageUnavailable):
        # The driver's own words, such as "disk full"; they quote nothing that was written.
        cause = getattr(error.__cause__, "orig", None)
        return [*said, *([str(cause)] if cause else [])]
    return said
