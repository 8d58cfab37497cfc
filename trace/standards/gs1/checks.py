"""What the parts of an AI's value must be, beyond their length and characters (GS1 General Specifications 26.0 §3).

Each check takes the part's text, already of the right length and characters, and tells whether it holds.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from ..identifiers import check_digit

CSET_82: Final = frozenset("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
CSET_39: Final = frozenset("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CSET_64: Final = frozenset("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz=")
DIGITS: Final = frozenset("0123456789")

_CHECK_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_VALUE_82: Final = {letter: value for value, letter in enumerate(sorted(CSET_82))}

# ISO 3166-1 numeric, as countries and territories stand in 2026.
_COUNTRIES: Final = frozenset(
    """
    004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084 086 090 092
    096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170 174 175 178 180 184 188 191 192 196 203
    204 208 212 214 218 222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268 270 275 276 288 292 296
    300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 368 372 376 380 384 388 392 398 400 404 408
    410 414 417 418 422 426 428 430 434 438 440 442 446 450 454 458 462 466 470 474 478 480 484 492 496 498 499 500 504
    508 512 516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584 585 586 591 598 600 604
    608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 660 662 663 666 670 674 678 682 686 688 690 694 702 703
    704 705 706 710 716 724 728 729 732 740 744 748 752 756 760 762 764 768 772 776 780 784 788 792 795 796 798 800 804
    807 818 826 831 832 833 834 840 850 854 858 860 862 876 882 887 894
    """.split()  # noqa: SIM905 – 249 codes read better bare
)


def has_check_digit(digits: str) -> bool:
    """The last digit checks the others (mod 10, weights 3 and 1 from the right)."""
    return check_digit(digits[:-1]) == digits[-1]


def has_check_pair(text: str) -> bool:
    """The last two characters check the others (mod 1021, prime weights from the right), as in a GMN."""
    if len(text) < 3 or not set(text) <= CSET_82:
        return False
    body = text[:-2]
    total = sum(_VALUE_82[letter] * prime for letter, prime in zip(reversed(body), _PRIMES, strict=False)) % 1021
    return text[-2:] == _CHECK_LETTERS[total >> 5] + _CHECK_LETTERS[total & 31]


def is_day(digits: str) -> bool:
    """YYMMDD is a day of the calendar."""
    # The century window changes no month's length but that of February: 00 is 2000, a leap year like 04 and 96.
    return _is_date(2000 + int(digits[:2]), digits[2:4], digits[4:])


def is_day_or_month(digits: str) -> bool:
    """YYMMDD is a day, or DD is 00: the last day of the month."""
    return is_day(digits[:4] + "01" if digits[4:] == "00" else digits)


def is_long_day(digits: str) -> bool:
    """YYYYMMDD is a day of the calendar."""
    return digits[:4] != "0000" and _is_date(int(digits[:4]), digits[4:6], digits[6:])


def _is_date(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def _below(limit: int) -> Callable[[str], bool]:
    return lambda digits: int(digits) < limit


def _is_hour_and_minute(digits: str) -> bool:
    return int(digits[:2]) < 24 and int(digits[2:]) < 60


def _is_piece(digits: str) -> bool:
    """Piece and total of two digits each: 0102 is the first of two."""
    return 1 <= int(digits[:2]) <= int(digits[2:])


def _is_iban(text: str) -> bool:
    if not (len(text) > 4 and text.isalnum() and text.isascii() and text == text.upper()):
        return False
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def _is_place_of_total(text: str) -> bool:
    """1/2: the first of two children born together."""
    place, slash, total = text.partition("/")
    return slash == "/" and place.isdigit() and total.isdigit() and 1 <= int(place) <= int(total)


def _escapes_well(text: str) -> bool:
    """Every % is followed by two hexadecimal digits."""
    return all(len(part) > 1 and set(part[:2]) <= set("0123456789ABCDEFabcdef") for part in text.split("%")[1:])


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "check": has_check_digit,
    "pair": has_check_pair,
    "prefix": lambda text: len(text) >= 4 and set(text[:4]) <= DIGITS,  # a GS1 company prefix has four digits or more
    "day": is_day,
    "day0": is_day_or_month,
    "longday": is_long_day,
    "hour": _below(24),
    "sixty": _below(60),
    "time": _is_hour_and_minute,
    "latitude": _below(1_800_000_001),
    "longitude": _below(3_600_000_001),
    "yesno": _below(2),
    "zero": lambda digits: int(digits) == 0,
    "nonzero": lambda digits: int(digits) > 0,
    "winding": lambda digit: digit in "019",
    "minus": lambda sign: sign == "-",
    "country": lambda digits: digits in _COUNTRIES,
    "country+": lambda digits: digits in _COUNTRIES or digits == "999",
    "alpha2": lambda text: text.isalpha() and text.isupper(),
    "iban": _is_iban,
    "piece": _is_piece,
    "born": _is_place_of_total,
    "sex": lambda digit: digit in "0129",
    "media": lambda digits: 1 <= int(digits) <= 10 or int(digits) >= 80,
    "escaped": _escapes_well,
    "digits": lambda text: set(text) <= DIGITS,
    "index": lambda letter: letter.isalnum() or letter in "-_",
    "nozero": lambda digits: digits == "0" or not digits.startswith("0"),
}
