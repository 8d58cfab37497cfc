"""The environment of a real server that works on a test's own database and keys."""

import os

from trace.settings import Settings


def environment(settings: Settings, **more: str) -> dict[str, str]:
    return os.environ | {
        "TEMGOC_MODE": settings.mode,
        "TEMGOC_INSTANCE": str(settings.instance),
        "TEMGOC_DATABASE_URL": settings.database_url,
        "TEMGOC_PUBLIC_URL": settings.public_url,
        "TEMGOC_WORKERS": "1",
        **more,
    }
