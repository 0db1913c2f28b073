"""Options that several commands share."""

from typing import Annotated

import typer

ClassifierName = Annotated[
    str | None, typer.Option(help="As `copydesk classifiers list` names it; else yours.")
]
TextColumn = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Which column or field holds the texts.")
]
SiteName = Annotated[
    str | None, typer.Option(help="Whose thresholds are taken; else a new site's.")
]
