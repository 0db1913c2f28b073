"""Which comment, by the site's own id."""

from pydantic import BaseModel, ConfigDict

from api.v1.field_types import ExternalId


class ExternalIdQuery(BaseModel):
    """Which comment, by the site's own id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    external_id: ExternalId
