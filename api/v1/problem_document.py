"""The shape of a problem document (RFC 9457), for the OpenAPI document."""

from pydantic import BaseModel, Field


class WrongPlace(BaseModel):
    """One thing wrong with one place of the input."""

    pointer: str = Field(description="A JSON Pointer (RFC 6901) into what was sent.")
    detail: str


class ProblemDocument(BaseModel):
    """What went wrong, and what to do about it."""

    type: str = Field(description="Where this kind of problem is explained.")
    title: str
    status: int
    detail: str
    code: str = Field(description="What programs tell problems apart by.")
    errors: list[WrongPlace] | None = None
    instance: str | None = Field(
        default=None, description="The name of this very problem in the log."
    )
