"""Evidence: what people decided on the comments whose scores lie from a line on."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, select, union_all

from moderation.model.audits import SampleState
from moderation.model.decisions import Action
from moderation.model.evidence import Band, Evidence
from moderation.model.ids import SiteId
from moderation.model.proportions import Proportion
from moderation.storage.audit_samples import audit_samples
from moderation.storage.classifications import classifications, judged
from moderation.storage.database import Connection
from moderation.storage.decisions import by_people, decisions
from moderation.storage.judgements import last_of_people
from moderation.storage.places import fits

_c, _d, _s = classifications.c, decisions.c, audit_samples.c


def of_bands(
    connection: Connection, site_id: SiteId, bands: Collection[Band]
) -> dict[Band, Evidence]:
    """Return what people decided on each band's comments: one statement for each classifier."""
    by_classifier: defaultdict[str, list[Band]] = defaultdict(list)
    for band in bands:
        by_classifier[band.classifier].append(band)
    found: dict[Band, Evidence] = {}
    for classifier, some in by_classifier.items():
        found |= _counted(connection, site_id, classifier, some)
    return found


def _counted(
    connection: Connection, site_id: SiteId, classifier: str, bands: Sequence[Band]
) -> dict[Band, Evidence]:
    said = _judgements(site_id)
    columns = [
        func.count().filter(condition)
        for band in bands
        for condition in (_lies_in(band), _lies_in(band) & (said.c.action == Action.REJECT))
    ]
    statement = (
        select(*columns)
        .select_from(said)
        .join(
            classifications,
            and_(_c.comment_id == said.c.comment_id, _c.revision == said.c.revision),
        )
        .where(judged(classifications, classifier))
    )
    numbers = connection.execute(statement).one()
    return {
        band: Evidence(band, Proportion(rejected, decided))
        for band, decided, rejected in zip(bands, numbers[::2], numbers[1::2], strict=True)
    }


def _judgements(site_id: SiteId) -> Subquery:
    """Select what people said of each text: their decision that stands, or a sample they kept."""
    people = last_of_people(site_id)
    decided = select(_d.id).where(
        by_people,
        _d.comment_id == _s.comment_id,
        _d.revision == _s.revision,
        _d.action != Action.FLAG,
    )
    kept = select(_s.comment_id, _s.revision, literal(Action.APPROVE.value)).where(
        _s.site_id == site_id,
        _s.state == SampleState.KEPT,
        _s.outcome_id.is_(None),
        ~decided.exists(),
    )
    made = select(people.c.comment_id, people.c.revision, people.c.action)
    return union_all(made, kept).subquery("said")


def _lies_in(band: Band) -> ColumnElement[bool]:
    # Up to the highest score: PostgreSQL takes NaN, which is none, for more than any number.
    reached = _c[band.label].between(band.line, 1.0)
    return reached if band.pattern is None else reached & fits(band.pattern)
