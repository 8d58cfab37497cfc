"""Numbers that others gave out: tax codes, personal numbers, telephones, GTINs, certificates, planting areas.

Each function returns the one form we keep, or raises NotAnIdentifier with a code that pages translate. A hint tells
what a number's form suggests and is never a reason to refuse: the forms met in the field are not all written down.
"""

import re
from dataclasses import dataclass
from typing import Final

from stdnum import ean
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst

from .words import fold, tidy

_VIETGAP: Final = re.compile(r"VietGAP-(TT|CN|TS)-([0-9]{2})-([0-9]{2})-([0-9]{2})-([0-9]{4})", re.IGNORECASE)
_AREA: Final = re.compile(r"VN-([A-Z]{2})(OR|PH)-([0-9]{4})")
_NOTHINGS: Final = {
    "na",
    "none",
    "null",
    "nil",
    "test",
    "demo",
    "tbd",
    "todo",
    "khong",
    "khong co",
    "chua co",
    "dang cap",
}
_RISING: Final = "01234567890123456789"


class NotAnIdentifier(ValueError):  # noqa: N818 – named for what it says, as `Refused` is
    """A text that cannot be the number asked for.

    Codes: empty; shape (wrong length or symbols); check_digit; placeholder (12345, N/A, xxx …); foreign (a telephone
    outside Viet Nam).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tax_code(text: str) -> str:
    """Return a Vietnamese tax code as 0100233488 or 0314409058-002."""
    digits = _digits(text)
    try:
        return str(mst.format(mst.validate(digits)))
    except InvalidChecksum as wrong:
        raise NotAnIdentifier("check_digit") from wrong
    except ValidationError as wrong:
        raise NotAnIdentifier("shape") from wrong


def personal_number(text: str) -> str:
    """Return a citizen's 12-digit number (Decree 137/2015 Art. 7 and 13: province, century and sex, year, six more).

    It has no check digit: only its shape is known. Nothing here may be published.
    """
    digits = _digits(text)
    if not re.fullmatch(r"0[0-9]{11}", digits) or not 1 <= int(digits[:3]) <= 96:
        raise NotAnIdentifier("shape")
    return digits


def phone(text: str) -> str:
    """Return a Vietnamese number as +84912345678. Mobiles have nine digits after +84, fixed lines ten."""
    typed = re.sub(r"[\s().\-–/]", "", tidy(text))
    if not typed:
        raise NotAnIdentifier("empty")
    if not re.fullmatch(r"\+?[0-9]{6,16}", typed):
        raise NotAnIdentifier("shape")
    if is_placeholder(typed):
        raise NotAnIdentifier("placeholder")
    national = _national(typed)
    if not re.fullmatch(r"[35789][0-9]{8}|2[0-9]{9}", national):
        raise NotAnIdentifier("shape")
    if is_placeholder(national) or len(set(national[1:])) == 1:
        raise NotAnIdentifier("placeholder")
    return f"+84{national}"


def _national(typed: str) -> str:
    """Drop the country's or the trunk's prefix, and both where people write +84 (0) 912."""
    if typed.startswith(("+84", "0084")):
        return typed.removeprefix("+84").removeprefix("0084").removeprefix("0")
    if typed.startswith(("+", "00")):
        raise NotAnIdentifier("foreign")
    # Nine digits that begin with 84 are a mobile 084… whose zero a spreadsheet dropped, not a country's prefix.
    if typed.startswith("84") and len(typed) > 9:
        return typed.removeprefix("84").removeprefix("0")
    return typed.removeprefix("0")


def show_phone(number: str) -> str:
    """Write +84912345678 as people dial it: 0912 345 678, or 0205 381 2345."""
    national = "0" + number.removeprefix("+84")
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def gtin14(text: str) -> str:
    """Return a GTIN-8, -12, -13 or -14 as 14 digits, zeros before it (GS1 General Specifications 3.3.2, 7.9)."""
    digits = _digits(text)
    if len(digits) not in {8, 12, 13, 14}:
        raise NotAnIdentifier("shape")
    if digits[-1] != check_digit(digits[:-1]):
        raise NotAnIdentifier("check_digit")
    return digits.zfill(14)


def check_digit(digits: str) -> str:
    """Return the GS1 check digit (mod 10, weights 3 and 1 from the right) for the digits before it."""
    return str(ean.calc_check_digit(digits))


def certificate_number(text: str) -> str:
    """Return a certificate's number trimmed, refusing only what stands in for one: bodies have forms of their own."""
    number = tidy(text)
    if not number:
        raise NotAnIdentifier("empty")
    if is_placeholder(number):
        raise NotAnIdentifier("placeholder")
    return number


@dataclass(frozen=True, slots=True)
class VietgapNumber:
    """What the usual form suggests. `sector`: TT crops, CN livestock, TS aquaculture; `province`: 20 is Lạng Sơn."""

    sector: str
    body_year: int
    body: int
    province: int
    serial: int

    @property
    def for_crops(self) -> bool:
        return self.sector == "TT"


def vietgap_hint(number: str) -> VietgapNumber | None:
    """Read VietGAP-TT-13-09-68-0096, or return None where the form is another (which is allowed)."""
    if not (parts := _VIETGAP.fullmatch(tidy(number))):
        return None
    return VietgapNumber(parts[1].upper(), 2000 + int(parts[2]), int(parts[3]), int(parts[4]), int(parts[5]))


def area_code(text: str) -> str:
    """Return a planting-area or packhouse code in capitals, one hyphen between its parts. Any form is taken."""
    code = re.sub(r"\s*[-–—]\s*", "-", tidy(text)).upper()
    if not code:
        raise NotAnIdentifier("empty")
    if is_placeholder(code):
        raise NotAnIdentifier("placeholder")
    return code


@dataclass(frozen=True, slots=True)
class AreaCode:
    """The parts of VN-LSOR-0001: the province's letters, orchard or packhouse, and the number."""

    province: str
    packhouse: bool
    number: int


def area_code_hint(code: str) -> AreaCode | None:
    """Read an export area code, or return None where the form is another: warn, do not refuse."""
    parts = _AREA.fullmatch(code)
    return AreaCode(parts[1], parts[2] == "PH", int(parts[3])) if parts else None


def is_placeholder(text: str) -> bool:
    """Tell whether a text stands in for a number nobody had: 12345, N/A, 0000, xxx, ..., chưa có."""
    words = fold(text)
    bare = re.sub(r"[\W_]", "", words)
    if len(set(bare)) <= 1 or words in _NOTHINGS or bare in _NOTHINGS:
        return True
    return bare in _RISING or bare in _RISING[::-1] or bool(re.fullmatch(r"x+[0-9]*|0+1?|abc[0-9]*", bare))


def _digits(text: str) -> str:
    """Take blanks, points and hyphens out; refuse nothing at all and what nobody was ever given."""
    typed = re.sub(r"[\s.\-–]", "", tidy(text))
    if not typed:
        raise NotAnIdentifier("empty")
    if not re.fullmatch(r"[0-9]+", typed):
        raise NotAnIdentifier("placeholder" if is_placeholder(typed) else "shape")
    if is_placeholder(typed):
        raise NotAnIdentifier("placeholder")
    return typed
