"""The operator's command line: `copydesk`."""

from moderation.cli.program import main

__all__ = ["main"]
