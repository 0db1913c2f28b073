"""Scoring on the command line: which classifier, which policy, and one comment at a time."""

from collections.abc import Iterable, Iterator

from classifiers import registry
from classifiers.interface import Classifier
from classifiers.languages import language_of
from moderation.cli.comment_files import Comment
from moderation.cli.context import opened
from moderation.cli.skipped import Skipped
from moderation.model.classification import Facts
from moderation.model.errors import ClassifierFailed, ClassifierUnavailable
from moderation.model.labels import Label, Scores
from moderation.model.policy import Policy, first_policy
from moderation.services.sites import policy_in_force
from moderation.settings import read_classifier_settings


def load_classifier(name: str | None) -> Classifier:
    """Load a classifier, the configured one if none is named. Raises NotConfigured."""
    settings = read_classifier_settings()
    return registry.load(name or settings.classifier, settings.classifier_options())


def policy_for(site: str | None, version: str, labels: frozenset[Label]) -> Policy:
    """Return a site's policy for this version; without a site, a new site's first one for it.

    Raises NotConfigured, NotFound. Only with a site is there anything to open.
    """
    if site is None:
        return first_policy(version, labels)
    with opened() as runtime:
        return policy_in_force(runtime, site, version)


def score_each(
    classifier: Classifier, comments: Iterable[Comment], skipped: Skipped
) -> Iterator[tuple[Comment, Facts]]:
    """Yield each comment with what a policy judges, as soon as it is scored.

    One at a time: a batch would make who waits for the first answer wait for the last, and the
    classifiers score one window per call anyway. Raises ClassifierUnavailable.
    """
    for comment in comments:
        try:
            [scores] = classifier.classify([comment.text])
        except ClassifierUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a text may do anything to a model
            # The words of an error that is not ours may hold the text.
            reason = error if isinstance(error, ClassifierFailed) else type(error).__name__
            skipped.add(comment.number, f"made the classifier fail ({reason})")
            continue
        yield comment, facts_of(classifier, comment.text, scores)


def facts_of(classifier: Classifier, text: str, scores: Scores) -> Facts:
    """Return what a policy judges of one text; its language is None where it is too short."""
    found = language_of(text, classifier.languages)
    return Facts(
        classifier=classifier.version,
        scores=scores,
        readable=classifier.can_read(text),
        language=None if found is None else found.language,
        supported=found is None or found.language in classifier.languages,
    )
