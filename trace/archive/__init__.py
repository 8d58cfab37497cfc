"""Pages that outlive the service: a folder that any web server can serve for decades, with no program behind it."""

from .site import make_archive

__all__ = ["make_archive"]
