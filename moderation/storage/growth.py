"""Growth: PostgreSQL counts its tables anew once they have grown many times over.

By itself it does so within a minute or two, and keeps plans until then. After an import into a new
installation these are for tables of a few rows: whole ones are read for every batch.
"""

from collections.abc import Sequence

from sqlalchemy import ARRAY, String, bindparam, text

from moderation.storage.database import Connection

TIMES = 10
"""So many times over. A plan for a tenth of the rows is still a good one; one for fifty is not."""

# The size is asked of the files. Whoever owns no table would only be warned, again and again.
_GROWN = text(
    """
    SELECT relname FROM pg_class
    WHERE relnamespace = CAST(current_schema() AS regnamespace)
    AND relname = ANY(:tables)
    AND pg_has_role(relowner, 'USAGE')
    AND pg_relation_size(oid)
        > :times * greatest(relpages, 1) * CAST(current_setting('block_size') AS bigint)
    ORDER BY relname
    """
).bindparams(bindparam("tables", type_=ARRAY(String())))


def count_grown(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Count those of these tables that have grown, in PostgreSQL; return which.

    About half a second for each. One that is being counted already is left to that.
    """
    values = {"tables": list(tables), "times": TIMES}
    grown = list(connection.execute(_GROWN, values).scalars())
    for name in grown:
        connection.exec_driver_sql(f'ANALYZE (SKIP_LOCKED) "{name}"')
    return grown
