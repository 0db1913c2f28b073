"""A simulation as programs see it."""

from pydantic import BaseModel, Field

from api.v1.comment_resource import Moment
from moderation.model.decisions import Action, ReasonKind
from moderation.model.labels import Label


class ShareResource(BaseModel):
    """So many of so many; the share and its 95 % interval are null on fewer than 20."""

    many: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class SideResource(BaseModel):
    """What one policy does."""

    flagged: int
    flagged_a_day: float
    hours_a_day: float = Field(description="Of reading, by the pace of the people here.")
    rejected: int
    missed: int = Field(description="Approved, although people rejected it.")
    precision: ShareResource = Field(description="Of what it stops and people judged, rejected.")
    recall: ShareResource = Field(description="Of what people rejected, stopped.")
    over: dict[Label | ReasonKind, int] = Field(
        description="Comments over a line, by label, and that rules find, by kind of reason."
    )


class FlipResource(BaseModel):
    """Comments that the draft decides otherwise, and how many of them people have judged."""

    from_: Action = Field(alias="from")
    to: Action
    comments: int
    judged: int


class PartResource(BaseModel):
    """What both keep from being approved, of one language or one section."""

    name: str | None
    in_force: int
    draft: int


class EstimateResource(BaseModel):
    """About so many, and between which numbers with 95 % confidence."""

    about: float
    low: float
    high: float


class CorrectedSideResource(BaseModel):
    """How many of what people would reject one policy stops, and how many it approves."""

    stops: EstimateResource
    misses: EstimateResource
    share: EstimateResource | None = Field(description="Which share of them it stops.")


class CorrectedResource(BaseModel):
    """What the audit tells of the comments that nobody looked at."""

    comments: int
    samples: int = Field(description="Of what was approved, judged by people.")
    looked_at: int = Field(description="Of what was stopped, judged by people.")
    unknown: int = Field(description="Rejected by automation and seen by nobody: left out.")
    in_force: CorrectedSideResource | None = Field(description="Null: too little was judged.")
    draft: CorrectedSideResource | None


class NewWordsResource(BaseModel):
    """Comments with a word that is new in the draft. No other figure counts these words."""

    comments: int = Field(description="The newest ones, that were looked through.")
    found: int
    a_day: EstimateResource


class SimulationResource(BaseModel):
    """What the policy in force does to comments that were written, and what the draft would do."""

    classifier: str = Field(description="By whose scores.")
    days: int = Field(description="0: everything.")
    from_: Moment | None = Field(alias="from")
    until: Moment | None
    comments: int
    judged: int = Field(description="By people.")
    seconds_a_comment: float
    seconds_are_measured: bool = Field(description="Or else guessed.")
    in_force: SideResource
    draft: SideResource
    flips: list[FlipResource]
    by_language: list[PartResource]
    by_section: list[PartResource]
    corrected: CorrectedResource | None = Field(description="By the audit.")
    new_words: NewWordsResource | None = Field(description="Null: the draft has none.")
