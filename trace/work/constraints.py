"""Which rule of the database was broken, told alike by both engines."""

from sqlalchemy.exc import IntegrityError


def breaks(error: IntegrityError, constraint: str, columns: str) -> bool:
    """Whether a refused write broke the unique `constraint`; SQLite names only the columns, as "table.column"."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    return columns in str(error.orig)
