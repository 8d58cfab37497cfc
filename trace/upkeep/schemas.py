"""Which schemas this code knows."""

from alembic.script import ScriptDirectory

from ..db import alembic_config


def known_schemas() -> list[str]:
    """Oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]
