"""`copydesk advise`: thresholds that do what an operator wishes for."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.advice import Wish, WishKind
from moderation.services.advising import Advice, advise
from moderation.services.sites import find_site
from moderation.services.tuning import Look

FLAGS = "At most so many comments a day wait for a person."
HOURS = "People read at most so many hours a day."
MISSES = "At most this share of what moderators would reject is approved, such as 0.1."
DAYS = "On comments of the last so many days; 0 for all. Else 30, or all where those say more."
CLASSIFIER = "The version whose scores they are for; else the one that decides."
COLUMNS = ("label", "flags from", "rejects from")


class OutputFormat(StrEnum):
    """How it is printed."""

    TABLE = "table"
    JSON = "json"


def advise_site(  # noqa: PLR0913 - one option each
    site: Name,
    *,
    flags_a_day: Annotated[float | None, typer.Option(help=FLAGS)] = None,
    hours: Annotated[float | None, typer.Option(help=HOURS)] = None,
    miss_at_most: Annotated[float | None, typer.Option(help=MISSES)] = None,
    days: Annotated[int | None, typer.Option(min=0, help=DAYS)] = None,
    classifier: Annotated[str | None, typer.Option(metavar="VERSION", help=CLASSIFIER)] = None,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="What is printed.")
    ] = OutputFormat.TABLE,
) -> None:
    """Say which thresholds do what you wish for, on the comments of a period; publish nothing."""
    wish = _wish({"flags": flags_a_day, "hours": hours, "misses": miss_at_most})
    with opened() as runtime:
        found = advise(runtime, find_site(runtime, site).id, wish, Look(classifier, days))
    if output is OutputFormat.JSON:
        screen.say(json.dumps(_as_json(site, found)))
        return
    for said in _sentences(found):
        screen.say(said)
    screen.table(COLUMNS, map(_cells, _lines(found)))
    screen.say("Nothing is published: type them on the thresholds page, or ask for them there.")


def _wish(given: dict[str, float | None]) -> Wish:
    asked = [Wish(WishKind(kind), amount) for kind, amount in given.items() if amount is not None]
    if len(asked) != 1:
        raise typer.BadParameter("give one of --flags-a-day, --hours and --miss-at-most")
    return asked[0]


def _sentences(found: Advice) -> list[str]:
    waiting = (
        f"About {found.flags_a_day:,.0f} comments a day would wait for a person, "
        f"{found.hours_a_day:,.1f} hours of reading."
    )
    said = [found.reason, waiting]
    if found.usual is not None:
        low, high = found.usual
        said.append(f"On 19 of 20 days these would be between {low:,.0f} and {high:,.0f}.")
    if found.promise is not None:
        rests = found.promise
        said.append(
            f"At most {found.wish.amount:.1%} of what moderators would reject is approved, with "
            f"95 % confidence: {rests.samples:,} samples of {rests.weeks} weeks were judged, of "
            f"which {rests.missed:,} were bad, and {rests.rejected:,} rejected comments are known, "
            f"{rests.alone:,} of them from before any automation."
        )
    said.append("It holds as long as comments come, and moderators decide, as they did.")
    return said


def _lines(found: Advice) -> list[tuple[str, float | None, float | None]]:
    thresholds = found.policy.thresholds
    return [(label.value, one.flag, one.reject) for label, one in thresholds.items() if one.lowest]


def _cells(line: tuple[str, float | None, float | None]) -> tuple[str, ...]:
    label, flag, reject = line
    return label, *("never" if one is None else f"{one:g}" for one in (flag, reject))


def _as_json(site: str, found: Advice) -> dict[str, Any]:
    rests = found.promise
    return {
        "site": site,
        "wish": {found.wish.kind.value: found.wish.amount},
        "classifier": found.policy.classifier,
        "thresholds": {
            label: {"flag": flag, "reject": reject} for label, flag, reject in _lines(found)
        },
        "comments": found.comments,
        "days": round(found.period.length, 1),
        "flags_a_day": round(found.flags_a_day, 1),
        "hours_a_day": round(found.hours_a_day, 2),
        "usual_days": found.usual and [round(one, 1) for one in found.usual],
        "promise": rests
        and {
            "confidence": 0.95,
            "weeks": rests.weeks,
            "samples": rests.samples,
            "missed": rests.missed,
            "rejected": rests.rejected,
            "before_automation": rests.alone,
            "unjudged": rests.unjudged,
        },
    }
