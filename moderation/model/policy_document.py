"""Policies as documents: plain mappings that people keep in files, and programs send.

Each part of a policy has a function that writes it and one that reads it. A document says all of a
policy but its number, so that two that say the same are the same.
"""

from collections.abc import Mapping
from typing import Any

from moderation.model.document_reading import REQUIRED, Reading
from moderation.model.override_documents import read_overrides, write_overrides
from moderation.model.pointers import Path
from moderation.model.policy import OtherLanguages, Policy
from moderation.model.rule_documents import (
    read_limits,
    read_word_lists,
    write_limits,
    write_word_lists,
)
from moderation.model.threshold_documents import read_thresholds, write_thresholds

Document = dict[str, Any]

FIELDS = ("classifier", "thresholds", "other_languages", "overrides", "limits", "word_lists")
"""In the order in which people read them."""
NEEDED = FIELDS[:2]

_OTHERS = ("action", "classifier", "thresholds")
_ROUTE = _OTHERS[1:]


def document_of(policy: Policy) -> Document:
    """Return a policy as a document, in an order that stays; what it has none of is left out."""
    further = {
        "overrides": write_overrides(policy.overrides),
        "limits": write_limits(policy.limits),
        "word_lists": write_word_lists(policy.word_lists),
    }
    return {
        "classifier": policy.classifier,
        "thresholds": write_thresholds(policy.thresholds),
        "other_languages": _write_other_languages(policy),
        **{name: written for name, written in further.items() if written},
    }


def policy_of(document: object, version: int = 0) -> Policy:
    """Return the policy that a document says. Raises InvalidInput, with the path of each mistake.

    What is not known is wrong too: a misspelt name must not leave out what it was to say.
    """
    reading = Reading()
    fields = reading.fields(document, (), FIELDS, needed=NEEDED)
    classifier = _read_classifier(reading, fields, ())
    thresholds = read_thresholds(reading, fields, ())
    action, route = _read_other_languages(reading, fields, classifier)
    overrides = read_overrides(reading, fields.get("overrides", []), ("overrides",))
    limits = read_limits(reading, fields.get("limits", {}), ("limits",))
    word_lists = read_word_lists(reading, fields.get("word_lists", []), ("word_lists",))
    reading.check()
    return Policy(
        classifier=classifier,
        thresholds=thresholds,
        version=version,
        other_languages=action,
        route=route,
        overrides=overrides,
        limits=limits,
        word_lists=word_lists,
    )


def _write_other_languages(policy: Policy) -> Document:
    written: Document = {"action": policy.other_languages.value}
    if policy.route is not None:
        written["classifier"] = policy.route.classifier
        written["thresholds"] = write_thresholds(policy.route.thresholds)
    return written


def _read_classifier(reading: Reading, fields: Mapping[str, object], path: Path) -> str:
    if "classifier" not in fields:
        return ""
    return reading.name(fields["classifier"], (*path, "classifier"))


def _read_other_languages(
    reading: Reading, fields: Mapping[str, object], classifier: str
) -> tuple[OtherLanguages, Policy | None]:
    if "other_languages" not in fields:
        return OtherLanguages.FLAG, None
    path = ("other_languages",)
    given = reading.fields(fields["other_languages"], path, _OTHERS)
    action = reading.choice(given.get("action"), (*path, "action"), OtherLanguages)
    if action is not OtherLanguages.ROUTE:
        for name in _ROUTE:
            if name in given:
                reading.refuse((*path, name), "only what is routed has it: `action: route`")
        return action or OtherLanguages.FLAG, None
    for name in _ROUTE:
        if name not in given:
            reading.refuse((*path, name), REQUIRED)
    route = _read_classifier(reading, given, path)
    if route and route == classifier:
        reading.refuse((*path, "classifier"), "a route leads to another classifier")
    return action, Policy(route, read_thresholds(reading, given, path))
