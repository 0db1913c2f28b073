"""What a statement is given in one parameter, however many values there are.

With a parameter for each value, a statement is another one for each number of them: to make it, to
write it out for the driver and to plan it took a tenth of what a decision costs beside its scores.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    FromClause,
    String,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Among(FunctionElement[bool]):
    """The condition that a column has one of the values of the parameter of this name."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, of: Column[Any], name: str) -> None:
        # Without its length, beyond which PostgreSQL would cut off what was asked for.
        kind = Text() if isinstance(of.type, String) else of.type
        self.listed = ARRAY(kind)
        super().__init__(of, bindparam(name, type_=_Listed(kind)))

    def self_group(self, against: Any = None) -> Self:  # noqa: ANN401 - as SQLAlchemy has it
        """Stand as it is: "= 1", which SQLite would get, keeps it from its indexes."""
        del against
        return self


@compiles(Among, "postgresql")
def _in_array(among: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    of, values = (compiler.process(one, **options) for one in among.clauses)
    kind = compiler.dialect.type_compiler_instance.process(among.listed)
    # In a subquery, so that PostgreSQL plans for arrays of any length, and keeps the plan until it
    # learns more of the table: it would else plan anew for each, as it can tell that few cost less.
    return f"{of} = ANY (CAST((SELECT {values}) AS {kind}))"


@compiles(Among, "sqlite")
def _in_json(among: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    of, values = (compiler.process(one, **options) for one in among.clauses)
    return f"{of} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are SQLAlchemy's


class _Listed(TypeDecorator[Collection[Any]]):
    """Values of one type: an array for PostgreSQL, text in JSON for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = Text() if dialect.name == "sqlite" else ARRAY(self.of)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:  # noqa: ANN401 - one of two
        if dialect.name != "sqlite":
            return list(value or ())
        bind = bind_processor(self.of, dialect)
        return json.dumps([bind(one) for one in value or ()])


@dataclass(frozen=True)
class Given:
    """Rows of these columns; the parameter has the same name as the table that they are."""

    name: str
    columns: Mapping[str, TypeEngine[Any]]

    def table(self, dialect: str) -> FromClause:
        """Return what a statement reads the rows from."""
        rows = bindparam(self.name, type_=Text)
        if dialect == "sqlite":
            each = func.json_each(rows).table_valued("value", joins_implicitly=True)
            read = (
                type_coerce(func.json_extract(each.c.value, text(f"'$.{name}'")), kind).label(name)
                for name, kind in self.columns.items()
            )
            # Materialized, or each use of a value would look for it in the text again.
            return select(*read).select_from(each).cte(self.name).prefix_with("MATERIALIZED")
        columns = (column(name, kind) for name, kind in self.columns.items())
        found = func.json_to_recordset(cast(rows, JSON)).table_valued(*columns, name=self.name)
        return found.render_derived(name=self.name, with_types=True)

    def parameter(self, dialect: Dialect, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Return the parameter: of each row its value for each column."""
        binds = [(name, bind_processor(kind, dialect)) for name, kind in self.columns.items()]
        plain = [{name: bind(row[name]) for name, bind in binds} for row in rows]
        # What the driver would take as it is, ids and moments, PostgreSQL reads as text too.
        return {self.name: json.dumps(plain, default=str, ensure_ascii=False)}


def bind_processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """Return what makes of a value what the database's driver takes."""
    return kind.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)
