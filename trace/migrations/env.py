"""Alembic's way in: always on a connection that `trace.db.migrate` opened."""

from alembic import context

from trace.accounts import tables  # noqa: F401 - its tables belong to the schema
from trace.records import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
