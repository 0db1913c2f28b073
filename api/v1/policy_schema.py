"""The shape of a policy as a document, for the OpenAPI document; `policy_of` reads it."""

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from moderation.model.document_reading import MAX_NAME_LENGTH
from moderation.model.labels import Label
from moderation.model.measures import MOST, Measure
from moderation.model.places import LONGEST_NAME as LONGEST_NAME_OF_PLACE
from moderation.model.places import MOST_PATTERNS, PlaceKind
from moderation.model.policy import OtherLanguages
from moderation.model.rule_documents import ACTIONS
from moderation.model.word_lists import LONGEST_ENTRY, LONGEST_NAME, MOST_ENTRIES, MOST_LISTS

Schema = dict[str, Any]


def _mapping(properties: Schema, *needed: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(needed),
        "additionalProperties": False,
    }


_LINE: Schema = {
    "anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 1}, {"type": "null"}]
}
_THRESHOLDS = _mapping(
    {label.value: _mapping({"flag": _LINE, "reject": _LINE}) for label in Label},
)
_SOME_THRESHOLDS = _THRESHOLDS | {"minProperties": 1}
_CLASSIFIER: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_NAME_LENGTH}
_OTHER_LANGUAGES: Schema = {
    "anyOf": [
        _mapping({"action": {"enum": [OtherLanguages.FLAG, OtherLanguages.APPROVE]}}, "action"),
        _mapping(
            {
                "action": {"enum": [OtherLanguages.ROUTE]},
                "classifier": _CLASSIFIER,
                "thresholds": _THRESHOLDS,
            },
            "action",
            "classifier",
            "thresholds",
        ),
    ]
}


def _limit(measure: Measure) -> Schema:
    number = {"type": "integer", "minimum": 1, "maximum": MOST[measure]}
    actions = ACTIONS[:1] if measure is Measure.APPROVALS else ACTIONS
    return {"anyOf": [_mapping({action.value: number}, action.value) for action in actions]}


_LIMITS = _mapping({measure.value: _limit(measure) for measure in Measure})
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME_OF_PLACE}
_OVERRIDE: Schema = {
    "anyOf": [
        _mapping({kind.value: _NAME, "thresholds": _SOME_THRESHOLDS}, kind.value, "thresholds")
        for kind in PlaceKind
    ]
}
_OVERRIDES = {"type": "array", "items": _OVERRIDE, "maxItems": MOST_PATTERNS}
_WORD_LIST = _mapping(
    {
        "name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
        "action": {"enum": list(ACTIONS)},
        "entries": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_ENTRY},
            "minItems": 1,
            "maxItems": MOST_ENTRIES,
        },
    },
    "name",
    "action",
    "entries",
)
_WORD_LISTS = {"type": "array", "items": _WORD_LIST, "maxItems": MOST_LISTS}
_DOCUMENT = _mapping(
    {
        "classifier": _CLASSIFIER,
        "thresholds": _THRESHOLDS,
        "other_languages": _OTHER_LANGUAGES,
        "overrides": _OVERRIDES,
        "limits": _LIMITS,
        "word_lists": _WORD_LISTS,
    },
    "classifier",
    "thresholds",
)

PolicyDocument = Annotated[
    dict[str, Any],
    WithJsonSchema(_DOCUMENT),
    Field(description="All that the policy says, as in a file: docs/policies-as-code.md."),
]
