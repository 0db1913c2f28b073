"""Any model that answers over HTTP. docs/classifiers/remote.md is for who writes its server."""

import re
from functools import cache, partial
from importlib import import_module
from urllib.parse import urlsplit

from classifiers.entry import Entry
from classifiers.interface import Classifier
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.errors import ClassifierFailed, ClassifierUnavailable, NotConfigured

HARMLESS = "Good morning."
"""What a probe asks about: a server that cannot score this is away, whoever wrote what."""

_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")


def entry(options: ClassifierOptions) -> Entry:
    """Return what the registry knows of it; for most of that the server is asked."""
    known = cache(partial(load, options))
    return Entry(
        load=partial(load, options),
        version=lambda: known().version,
        check=lambda: check(known()),
        labels=lambda: known().labels,
        languages=lambda: known().languages,
        # Four requests: what it is, a probe, a batch, and a probe where that fails.
        time_limit=4.0 * options.remote_seconds,
        # What it computes on is the server's affair.
        on_gpu=True,
    )


def load(options: ClassifierOptions) -> Classifier:
    """Return it without asking the server anything. Raises NotConfigured."""
    url, token = _checked_url(options.remote_url), _checked_token(options.remote_token)
    server = import_module("classifiers.remote.server").Server(url, token, options.remote_seconds)
    made: Classifier = import_module("classifiers.remote.classifier").RemoteClassifier(server)
    return made


def check(classifier: Classifier) -> None:
    """Let the server score something. Raises NotConfigured with what is wrong."""
    try:
        classifier.classify([HARMLESS])
    except (ClassifierUnavailable, ClassifierFailed) as error:
        raise NotConfigured(str(error)) from error


def _checked_url(url: str | None) -> str:
    if url is None:
        raise NotConfigured(
            "COPYDESK_REMOTE_URL is not set: where it answers, such as https://scores.example.org/"
        )
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.fragment or not _VISIBLE_ASCII.fullmatch(url):
        raise NotConfigured(
            "COPYDESK_REMOTE_URL is no http(s) address, such as https://scores.example.org/ "
            "(without user or fragment; the token has a setting of its own)"
        )
    return url


def _checked_token(token: str | None) -> str | None:
    if token is not None and not _VISIBLE_ASCII.fullmatch(token):
        raise NotConfigured("COPYDESK_REMOTE_TOKEN may only hold visible ASCII characters")
    return token
