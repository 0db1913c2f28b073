"""`copydesk policy`: whole policies as files, to look at, to compare, to publish, to take back."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from moderation.cli import refusals, screen
from moderation.cli.context import opened
from moderation.cli.policy_input import PolicyFile, read_file, version_or_file
from moderation.cli.sites import Name
from moderation.model.errors import InvalidInput, ModerationError
from moderation.model.policy import PublishedPolicy
from moderation.model.policy_diff import Change, changes_between
from moderation.policy_files import write_policy
from moderation.runtime import Runtime
from moderation.services.policy_versions import (
    Standing,
    Versions,
    Wish,
    publish_policy,
    put_back,
    read_versions,
)
from moderation.services.sites import find_site

app = typer.Typer(help="Keep policies in files: compare, try, publish them.", no_args_is_help=True)

DIFFERS, TROUBLE = 1, 2
NAMED = 3
"""Changes of one version in a table; `diff` tells all."""

COLUMNS = ("version", "for", "in force", "published", "by", "why", "what it changed")

Number = Annotated[int | None, typer.Option("--version", min=1, help="Else the one in force.")]
Classifier = Annotated[
    str | None, typer.Option("--classifier", help="For its scores; else for those that decide.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; people read it beside the version.")]
Seen = Annotated[
    int | None, typer.Option("--seen", min=1, help="Refuse if a newer version than this is there.")
]
First = Annotated[str, typer.Argument(metavar="A", help="A version, a file, or - .")]
Second = Annotated[
    str | None, typer.Argument(metavar="B", help="Another; without it A, against what is in force.")
]


class OutputFormat(StrEnum):
    """How a policy is printed."""

    YAML = "yaml"
    JSON = "json"


@app.command()
def show(
    site: Name,
    *,
    number: Number = None,
    classifier: Classifier = None,
    output: Annotated[OutputFormat, typer.Option("--format")] = OutputFormat.YAML,
) -> None:
    """Write a policy as a file: that which decides, or another version."""
    if number is not None and classifier is not None:
        raise InvalidInput("Name a version or a classifier, not both.")
    with opened() as runtime:
        versions = _versions(runtime, site)
    one = versions.standing(classifier) if number is None else versions.numbered(number)
    if output is OutputFormat.JSON:
        screen.say(json.dumps(versions.described_whole(one)))
        return
    written = write_policy(site, one)
    # Files get texts exactly; a terminal would obey some of them.
    on_screen = sys.stdout.isatty()
    for line in written.splitlines():
        screen.say(screen.visible(line) if on_screen else line)


@app.command()
def versions(site: Name) -> None:
    """List all versions, the newest first, and what each changed."""
    with opened() as runtime:
        found = _versions(runtime, site)
    screen.table(COLUMNS, (_row(found, one) for one in found.history))


@app.command()
def diff(site: Name, first: First, second: Second = None) -> None:
    """Say what differs between two policies; the exit status too: 0 nothing, 1 something.

    Where one of them cannot be read it is 2.
    """
    with _in_trouble(), opened() as runtime:
        found = _versions(runtime, site)
        new = version_or_file(found, first if second is None else second)
        if second is None:
            old = found.standing(new.classifier).policy
        else:
            old = version_or_file(found, first)
    changes = changes_between(old, new)
    _say(changes)
    if changes:
        raise typer.Exit(DIFFERS)


@app.command()
def publish(site: Name, file: PolicyFile, *, reason: Reason, seen: Seen = None) -> None:
    """Put the policy in a file into force, unless the one in force says the same."""
    policy = read_file(file)
    with opened() as runtime:
        site_id = find_site(runtime, site).id
        standing = publish_policy(runtime, site_id, policy, Wish(reason, seen))
        _tell(site, standing, read_versions(runtime, site_id))


@app.command()
def rollback(
    site: Name, version: Annotated[int, typer.Argument(min=1)], *, seen: Seen = None
) -> None:
    """Put what an older version said into force again, as a new version."""
    with opened() as runtime:
        site_id = find_site(runtime, site).id
        standing = put_back(runtime, site_id, version, Wish(seen=seen))
        _tell(site, standing, read_versions(runtime, site_id))


@contextmanager
def _in_trouble() -> Iterator[None]:
    """End as `diff` does where it cannot compare: 1 says that two policies differ."""
    try:
        yield
    except ModerationError as error:
        screen.complain(*refusals.told(error))
    except OSError as error:
        screen.complain(f"{error.filename}: {error.strerror}")
    else:
        return
    raise typer.Exit(TROUBLE)


def _versions(runtime: Runtime, site: str) -> Versions:
    return read_versions(runtime, find_site(runtime, site).id)


def _row(found: Versions, one: PublishedPolicy) -> tuple[object, ...]:
    changes = found.changes(one)
    return (
        one.policy.version,
        one.policy.classifier,
        "yes" if found.is_in_force(one) else "",
        one.published_at,
        one.author_name or "the installation",
        one.reason,
        "the first" if changes is None else _brief(changes),
    )


def _brief(changes: tuple[Change, ...]) -> str:
    said = "; ".join(map(str, changes[:NAMED]))
    return said if len(changes) <= NAMED else f"{said}; and {len(changes) - NAMED} more"


def _tell(site: str, standing: Standing, found: Versions) -> None:
    policy = standing.published.policy
    if not standing.is_new:
        screen.say(f"Nothing was published: policy {policy.version} of site {site} says the same.")
        return
    _say(found.changes(standing.published) or ())
    screen.say(f"Policy {policy.version} of site {site} is in force for {policy.classifier}.")
    if policy.classifier != found.running:
        screen.say(f"{found.running} decides now: it changes nothing until that is changed.")


def _say(changes: tuple[Change, ...]) -> None:
    for change in changes:
        screen.say(screen.visible(str(change)))
