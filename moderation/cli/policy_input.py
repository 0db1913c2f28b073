"""Policies as commands are given them: a file, standard input, or the number of a version."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from moderation.model.errors import InvalidInput
from moderation.model.policy import Policy
from moderation.policy_files import MAX_BYTES, Mistake, NoPolicy, read_policy
from moderation.services.policy_versions import Versions
from moderation.word_matching import check_entries

STDIN = "-"

PolicyFile = Annotated[str, typer.Argument(metavar="FILE", help="A policy; - is standard input.")]


def read_file(name: str) -> Policy:
    """Return the policy in a file. Raises InvalidInput, OSError."""
    try:
        policy = read_policy(_written(name))
    except NoPolicy as error:
        raise InvalidInput("\n".join(at(name, one) for one in error.mistakes)) from None
    check_entries(policy.word_lists)
    return policy


def at(name: str, mistake: Mistake) -> str:
    """Say what is wrong where, in the form that editors and CI systems know."""
    return f"{name}:{mistake.line}: {mistake.said}"


def version_or_file(versions: Versions, given: str) -> Policy:
    """Return a version of the site, or what a file says. Raises NotFound, InvalidInput, OSError."""
    if given.isascii() and given.isdigit():
        return versions.numbered(int(given)).policy
    return read_file(given)


def _written(name: str) -> bytes:
    # One byte more says that there are too many.
    if name == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES + 1)
