"""Tables and queries (SQLAlchemy Core); nothing here commits."""
