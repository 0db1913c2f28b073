"""Misses: what automation approves and people would reject, estimated from the audit."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from moderation.model.audits import SampleState
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.miss_rates import MissRates, Sample, miss_rates
from moderation.model.site_reasons import SiteReason
from moderation.runtime import Runtime
from moderation.storage import audit_samples, site_reasons


def read_misses(runtime: Runtime, site_id: SiteId, period: timedelta) -> MissRates:
    """Return what the samples of a period tell, up to now."""
    with runtime.reading() as connection:
        since = runtime.database_now(connection) - period
        rows = audit_samples.chosen_since(connection, site_id, since)
        offered = site_reasons.of(connection, [site_id])[site_id]
    return miss_rates([_sample(row, _labels(offered)) for row in rows])


def _labels(offered: Sequence[SiteReason]) -> Mapping[str, frozenset[Label]]:
    return {reason.code: frozenset(reason.labels) for reason in offered}


def _sample(row: Any, labels: Mapping[str, frozenset[Label]]) -> Sample:  # noqa: ANN401 - a row
    codes = [reason.get("code") for reason in row.reasons or ()]
    named = [labels[code] for code in codes if code in labels]
    return Sample(
        chosen_on=row.sampled_at.date(),
        probability=row.probability,
        state=SampleState(row.state),
        blind=row.blind,
        language=row.language,
        labels=frozenset().union(*named),
    )
