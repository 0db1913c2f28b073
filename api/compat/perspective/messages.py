"""The messages that callers send, named and spelt as in Perspective's own interface."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from pydantic.alias_generators import to_camel

Text = str | None
Number = Annotated[float, Field(allow_inf_nan=False)]

PROBABILITY = "PROBABILITY"
DEFAULT_TYPES = (None, "SCORE_TYPE_UNSPECIFIED", PROBABILITY)
"""The types that mean a probability."""
ScoreType = Literal["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"]


class Message(BaseModel):
    """A message as protocol buffers read it from JSON: null is absent, names in either spelling."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


class TextEntry(Message):
    """A text and how it is written."""

    text: Text = None
    type: Literal["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"] | None = None


class ArticleAndParentComment(Message):
    """What a comment is about, and what it answers."""

    article: TextEntry | None = None
    parent_comment: TextEntry | None = None


class Context(Message):
    """What the comment stands beside; like Perspective's own, our scores do not depend on it."""

    entries: list[TextEntry] | None = None
    article_and_parent_comment: ArticleAndParentComment | None = None


class AttributeParameters(Message):
    """How an attribute is wanted."""

    score_type: ScoreType | None = None
    score_threshold: Number | None = None


class AnalyzeCommentRequest(Message):
    """What `comments:analyze` is sent."""

    comment: TextEntry | None = None
    requested_attributes: dict[str, AttributeParameters | None] | None = None
    context: Context | None = None
    languages: list[str] | None = None
    do_not_store: StrictBool | None = None
    drop_unsupported_attributes: StrictBool | None = None
    span_annotations: StrictBool | None = None
    client_token: Text = None
    session_id: Text = None
    community_id: Text = None


class Score(Message):
    """A number and what it is."""

    value: Number | None = None
    type: ScoreType | None = None


class SpanScore(Message):
    """The score of a part of a text."""

    begin: int | None = None
    end: int | None = None
    score: Score | None = None


class AttributeScores(Message):
    """The scores of one attribute."""

    summary_score: Score | None = None
    span_scores: list[SpanScore] | None = None


class SuggestCommentScoreRequest(Message):
    """What `comments:suggestscore` is sent; `doNotStore` is an addition of ours."""

    comment: TextEntry | None = None
    context: Context | None = None
    attribute_scores: dict[str, AttributeScores | None] | None = None
    languages: list[str] | None = None
    do_not_store: StrictBool | None = None
    client_token: Text = None
    session_id: Text = None
    community_id: Text = None
