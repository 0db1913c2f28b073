"""What keeps the embedded mode from starting."""


class CannotStart(Exception):
    """One line that says what is wrong and what to do."""
