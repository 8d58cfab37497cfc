"""From which province a network address comes, by a database that the operator may install (MaxMind's format).

Off unless TEMGOC_GEO_DATABASE names one. The address is looked up in memory and forgotten; only the province is kept.
"""

from pathlib import Path
from typing import Any

import maxminddb

from .settings import StartRefused
from .standards.iso_provinces import BY_ISO
from .standards.provinces import ABROAD


class Where:
    """`path`: None where no database is installed; then nothing is ever known."""

    def __init__(self, path: Path | None) -> None:
        self._reader: maxminddb.Reader | None = None
        if path is None:
            return
        try:
            self._reader = maxminddb.open_database(str(path), maxminddb.MODE_MMAP)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as wrong:
            raise StartRefused(f"TEMGOC_GEO_DATABASE: {path} cannot be read as a MaxMind database.") from wrong

    @property
    def known(self) -> bool:
        return self._reader is not None

    def province(self, address: str) -> str | None:
        """The code of a province, that of abroad, or None."""
        if self._reader is None:
            return None
        try:
            found: Any = self._reader.get(address)
        except ValueError:  # no address, or a kind that the database does not hold
            return None
        if not isinstance(found, dict):
            return None
        country = (found.get("country") or {}).get("iso_code")
        if country is None:
            return None
        if country != "VN":
            return ABROAD
        parts = found.get("subdivisions") or [{}]
        return BY_ISO.get(str(parts[0].get("iso_code", "")))
