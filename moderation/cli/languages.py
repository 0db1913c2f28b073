"""Languages at the command line: which the classifiers know, and what becomes of the others."""

from collections.abc import Iterator, Sequence

from classifiers import registry
from moderation.model.errors import InvalidInput, NotConfigured
from moderation.model.languages import names_of
from moderation.model.policy import OtherLanguages, Policy, first_policy
from moderation.settings import Settings

_ROUTE = f"{OtherLanguages.ROUTE}:"
_SEVEN = "detoxify:multilingual"


def advice(settings: Settings, languages: Sequence[str]) -> Iterator[str]:
    """Yield what an operator should know of a site with these languages; nothing if all is well."""
    known = registry.entry(settings.classifier, settings.classifier_options()).languages()
    beyond = [code for code in languages if code not in known]
    if not beyond:
        return
    yield (
        f"Not supported: {settings.classifier} does not know {names_of(beyond)}. Comments in it "
        "are flagged for a person, or as `copydesk site set --other-languages` says."
    )
    if languages[0] in beyond:
        yield f"So are comments too short to tell: they count as {names_of(languages[:1])}."
    if helps := [code for code in beyond if code in registry.entry(_SEVEN).languages()]:
        yield f"{_SEVEN} knows {names_of(helps)}: docs/languages.md says how to use it."


def other_languages(settings: Settings, given: str) -> tuple[OtherLanguages, Policy | None]:
    """Read `flag`, `approve` or `route:NAME`, with the first thresholds for where it leads.

    Raises InvalidInput, NotConfigured (the workers have no such classifier).
    """
    if given.startswith(_ROUTE):
        return OtherLanguages.ROUTE, _route(settings, given.removeprefix(_ROUTE))
    if given in (OtherLanguages.FLAG, OtherLanguages.APPROVE):
        return OtherLanguages(given), None
    raise InvalidInput("Other languages are for `flag`, `approve` or `route:NAME`.")


def _route(settings: Settings, name: str) -> Policy:
    entry = registry.entry(name, settings.classifier_options())
    if name == settings.classifier:
        raise InvalidInput(f"{name} judges all comments already.")
    if name != settings.other_classifier:
        raise NotConfigured(f"The workers do not have it: set COPYDESK_OTHER_CLASSIFIER={name}.")
    return first_policy(entry.version(), entry.labels())
