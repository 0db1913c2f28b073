"""`copydesk perspective`: what comes of sites that call Copydesk as they called Perspective."""

import json
from typing import Annotated

import typer

from moderation.cli import perspective_compare, perspective_record, perspective_shadow, screen
from moderation.cli.context import opened
from moderation.services.suggesting import list_suggested

app = typer.Typer(help="For sites that came from Perspective.", no_args_is_help=True)
app.command("record")(perspective_record.record)
app.command("compare")(perspective_compare.compare)
app.command("shadow")(perspective_shadow.shadow)


@app.command()
def labels(site: Annotated[str, typer.Argument(help="The site's short name.")]) -> None:
    """Print what the site's moderators suggested, as labelled comments for `copydesk evaluate`.

    One line of JSON for each comment that the site has here and each label; texts stand in it.
    """
    with opened() as runtime:
        for one in list_suggested(runtime, site):
            line = {"external_id": one.external_id, "text": one.text, one.label: one.score}
            screen.say(json.dumps(line))
