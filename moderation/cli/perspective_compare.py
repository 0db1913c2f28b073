"""`copydesk perspective compare`: which thresholds of ours stand for those at Perspective."""

from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import options
from moderation.cli.context import opened
from moderation.cli.score_output import OutputFormat
from moderation.services.comparing import compare as find_pairs

THRESHOLD = "What you flag from at Perspective, as TOXICITY=0.8; else some usual ones."
VERSION = "A classifier version with scores of the site; else the one that decides."


def compare(  # noqa: PLR0913 - one option each
    site: Annotated[str, typer.Argument(help="The site's short name.")],
    *,
    threshold: Annotated[
        list[str] | None, typer.Option(metavar="ATTRIBUTE=SCORE", help=THRESHOLD)
    ] = None,
    classifier: Annotated[str | None, typer.Option(metavar="VERSION", help=VERSION)] = None,
    html: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write a page with plots, such as r.html.")
    ] = None,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="What is printed.")
    ] = OutputFormat.TABLE,
    seed: options.Seed = 1,
) -> None:
    """Carry thresholds over from Perspective, on comments that both have scored.

    docs/migrating-from-perspective.md says how to get such, and what to take.
    """
    # Here and not above: it loads numpy, for which no other command need wait.
    from moderation.cli.perspective_comparison import Wanted, report  # noqa: PLC0415

    wanted = Wanted(site, tuple(threshold or ()), seed, html, output)
    with opened() as runtime:
        report(wanted, find_pairs(runtime, site, classifier))
