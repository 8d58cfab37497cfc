"""Days as people and spreadsheets write them: day before month, as in Viet Nam, never guessed the other way round."""

import re
from datetime import date, timedelta
from typing import Final

from .figures import NotAQuantity
from .words import fold

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_EXCEL_ZERO: Final = date(1899, 12, 30)
_EXCEL_DAYS: Final = range(20_000, 90_000)
"""1954 to 2146: what a day becomes where a column lost its format."""
_IN_WORDS: Final = (
    r"(?:ngay )?(?P<d>[0-9]{1,2})(?: thang | thg |[- ]thg[- ]|/)(?P<m>[0-9]{1,2})"
    r"(?:,? nam |,? |/)(?P<y>[0-9]{4})"
)
_FORMS: Final = (
    (re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?:[ t]00:00(?::00)?(?:\.0+)?)?"), 0),
    (re.compile(r"(?P<d>[0-9]{1,2})[-/. ]+(?P<m>[0-9]{1,2})[-/. ]+(?P<y>[0-9]{4})(?: 00:00(?::00)?)?"), 0),
    (re.compile(r"(?P<d>[0-9]{1,2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<y>[0-9]{2})"), 2000),
    (re.compile(_IN_WORDS), 0),
    (re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"), 0),
)


def parse_day(text: str) -> date:
    """Read 31/12/2026, 31-12-26, 2026-12-31, ngày 31 tháng 12 năm 2026, or Excel's 46387. Raise NotAQuantity."""
    folded = fold(text)
    if not folded:
        raise NotAQuantity("empty")
    if re.fullmatch(r"[0-9]{5}", folded) and int(folded) in _EXCEL_DAYS:
        return _EXCEL_ZERO + timedelta(days=int(folded))
    for form, century in _FORMS:
        found = form.fullmatch(folded)
        if found:
            return _day(int(found["y"]) + century, int(found["m"]), int(found["d"]))
    raise NotAQuantity("shape", text=text)


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as none:
        raise NotAQuantity("shape") from none
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise NotAQuantity("shape")
    return found
