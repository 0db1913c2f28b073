"""Options that `classify`, `evaluate` and `translate` share, and those of `evaluate`."""

from pathlib import Path
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

LabelledFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help=".csv or .jsonl; also .xz or .gz.")
]
LabelColumns = Annotated[
    list[str] | None,
    typer.Option(metavar="LABEL=COLUMN[=WORD]", help="Which column says that a label is true."),
]
GroupColumn = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Also measure each group by itself.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="At most so many comments, drawn by lot.")]
Seed = Annotated[int, typer.Option(min=0, help="For the lot and the intervals.")]
ReportFile = Annotated[
    Path | None, typer.Option(dir_okay=False, help="Write a page with plots, such as r.html.")
]
Examples = Annotated[
    bool, typer.Option("--examples", help="Quote the worst mistakes in the report.")
]
ScoresFile = Annotated[
    Path | None, typer.Option(dir_okay=False, help="Write the scores into this CSV file.")
]
StoredScores = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Take them from there; run no classifier."),
]
