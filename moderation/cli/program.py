"""All commands together, and what happens when one fails."""

import logging
import os
import sys
from collections.abc import Sequence

import typer

from moderation.cli import (
    advise,
    audit,
    authors,
    classifiers,
    classify,
    complaints,
    coral,
    demo,
    evaluate,
    export,
    health,
    importing,
    installation,
    keys,
    learn,
    mail,
    people,
    perspective,
    policy,
    policy_trying,
    reasons,
    refusals,
    rescoring,
    screen,
    shadow,
    shares,
    sites,
    threads,
    thresholds,
    training,
    translate,
    warn,
    webhooks,
)
from moderation.model.errors import ModerationError
from moderation.telemetry import configure_logs

INTERRUPTED = 130
"""What shells expect of a program that Ctrl-C ended."""

app = typer.Typer(
    name="copydesk",
    help="Comment moderation that publishers run themselves.",
    no_args_is_help=True,
    add_completion=False,
    # Its tracebacks show the values of variables, and so comments and secrets.
    pretty_exceptions_enable=False,
)
app.add_typer(sites.app, name="site")
sites.app.command("audit")(shares.site_audit)
sites.app.command("complaints")(complaints.complaints)
sites.app.command("second-look")(shares.second_look)
sites.app.command("warn")(warn.warn)
app.add_typer(people.app, name="user")
app.add_typer(keys.app, name="key")
app.add_typer(authors.app, name="author")
app.add_typer(threads.app, name="thread")
app.add_typer(webhooks.app, name="webhook")
app.add_typer(thresholds.app, name="thresholds")
app.add_typer(shadow.app, name="shadow")
app.add_typer(policy.app, name="policy")
policy.app.command("simulate")(policy_trying.simulate)
policy.app.command("check")(policy_trying.check)
app.add_typer(audit.app, name="audit")
app.add_typer(learn.app, name="learn")
app.add_typer(reasons.app, name="reasons")
app.add_typer(health.app, name="health")
app.add_typer(mail.app, name="mail")
app.add_typer(classifiers.app, name="classifiers")
app.add_typer(training.app, name="train")
app.add_typer(perspective.app, name="perspective")
app.add_typer(coral.app, name="coral")
app.add_typer(export.app, name="export")
app.command("advise")(advise.advise_site)
app.command("classify")(classify.classify)
app.command("evaluate")(evaluate.evaluate)
app.command("translate")(translate.translate)
app.command("rescore")(rescoring.rescore)
app.command("import")(importing.import_comments)
app.command("demo")(demo.demo)
app.command("run")(installation.run)
app.command("migrate")(installation.migrate)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave: 0 done, 1 refused or failed, 2 misspelt."""
    configure_logs(as_json=False, level=logging.ERROR)
    try:
        app(arguments)
    except ModerationError as error:
        screen.complain(*refusals.told(error))
        sys.exit(1)
    except KeyboardInterrupt:
        screen.complain("stopped")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        screen.complain(f"{error.filename or 'this machine'}: {error.strerror or error}")
        sys.exit(1)
