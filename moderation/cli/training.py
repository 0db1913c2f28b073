"""`copydesk train`: make the weights of the embedded classifier anew."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from moderation.cli import screen
from moderation.model.errors import NotConfigured

app = typer.Typer(no_args_is_help=True, help="Train a classifier.")


@app.callback()
def _group() -> None:
    """Keep `compact` a command of its own while it is the only one."""


@app.command()
def compact(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False, help="The labelled sets.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Where checkpoints and files go.")],
    seed: Annotated[int, typer.Option(min=0)] = 1,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="One network that sees the data once: less good.")
    ] = False,
) -> None:
    """Train the embedded classifier: minutes on a GPU, with --quick hours on two cores.

    Stopped and called again, it goes on. Needs the extra `train`. docs/classifiers/compact.md says
    what the sets are.
    """
    try:
        # Here and not above: it loads PyTorch, which nothing else of Copydesk needs.
        from classifiers.compact.training.recipe import Recipe  # noqa: PLC0415
        from classifiers.compact.training.recipe import quick as quickly  # noqa: PLC0415
        from classifiers.compact.training.train import has_gpu, train  # noqa: PLC0415
    except ImportError as error:
        wanted = "pip install 'copydesk[train]'"
        raise NotConfigured(f"training needs more packages ({error.name}): {wanted}") from error
    recipe = quickly(seed) if quick else Recipe(seed=seed)
    if not quick and not has_gpu():
        screen.say("There is no GPU: this takes two days. --quick takes an hour and a half.")
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*bar, TimeRemainingColumn(), console=screen.console()) as progress:
        task = progress.add_task("reading", total=None)
        for step in train(data, out, recipe):
            progress.update(
                task,
                completed=step.done,
                total=step.total,
                description=f"{step.learner}, loss {step.loss:.4f}",
            )
    screen.say(f"The trained classifier lies in {out / recipe.name()}.")
