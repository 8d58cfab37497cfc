"""EPC binary strings in a path, /eh… (hexadecimal) and /ex… (base 64 for addresses), as the links they stand for.

The fixed-partition schemes of EPC Tag Data Standard 2.x §14 that name what we serve: products with a serial (SGTIN),
places (SGLN) and logistic units (SSCC). Only NFC and RFID tags write these; a resolver shall read them.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..identifiers import check_digit
from .digital_link import BadLink, DigitalLink, escape, parse_target

_PREFIX_BITS: Final = (40, 37, 34, 30, 27, 24, 20)  # of a company prefix of 12, 11 … 6 digits, by partition


@dataclass(frozen=True, slots=True)
class _Scheme:
    """`reference_bits` and `_digits`: of the number after the prefix, by partition, both growing as it shrinks."""

    name: str
    bits: int
    reference_bits: int
    reference_digits: int
    serial_bits: int


_SCHEMES: Final[Mapping[int, _Scheme]] = {
    0x30: _Scheme("sgtin", 96, 44, 13, 38),
    0x36: _Scheme("sgtin", 198, 44, 13, 140),
    0x31: _Scheme("sscc", 96, 58, 17, 24),
    0x32: _Scheme("sgln", 96, 41, 12, 41),
    0x39: _Scheme("sgln", 195, 41, 12, 140),
}


def is_epc(path: str) -> bool:
    """Tell whether a path has the form of an EPC binary string. Capital EH and EX are none."""
    return path.startswith(("/eh", "/ex")) and "/" not in path[1:]


def decompress(path: str) -> DigitalLink:
    """Return the link that /eh… or /ex… stands for. Raise BadLink: epc if it is none we know."""
    content = _content(path)
    scheme = _SCHEMES.get(content[0]) if content else None
    if scheme is None or not scheme.bits <= len(content) * 8 < scheme.bits + 24:
        raise BadLink("epc")
    number = int.from_bytes(content, "big")
    spare = len(content) * 8 - scheme.bits
    if number & (1 << spare) - 1:
        raise BadLink("epc")
    prefix, reference, serial = _fields(number >> spare, scheme)
    return parse_target(_write(scheme, prefix, reference, serial))


def _content(path: str) -> bytes:
    coded = path[3:]
    try:
        if path.startswith("/eh"):
            return bytes.fromhex(coded) if coded.isalnum() else b""
        if not path.startswith("/ex") or set("+/=") & set(coded):
            return b""
        return base64.b64decode(coded + "=" * (-len(coded) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as wrong:
        raise BadLink("epc") from wrong


def _fields(number: int, scheme: _Scheme) -> tuple[str, str, int]:
    """Return the company prefix and the reference as digits, and the serial's bits."""
    partition = number >> scheme.bits - 14 & 7
    if partition > 6:
        raise BadLink("epc")
    prefix_bits, prefix_digits = _PREFIX_BITS[partition], 12 - partition
    reference_bits = scheme.reference_bits - prefix_bits
    both = number >> scheme.serial_bits & (1 << scheme.reference_bits) - 1
    prefix, reference = both >> reference_bits, both & (1 << reference_bits) - 1
    digits = scheme.reference_digits - prefix_digits
    if prefix >= 10**prefix_digits or reference >= 10**digits:
        raise BadLink("epc")
    written = str(reference).zfill(digits) if digits else ""
    return str(prefix).zfill(prefix_digits), written, number & (1 << scheme.serial_bits) - 1


def _write(scheme: _Scheme, prefix: str, reference: str, serial: int) -> str:
    if scheme.name == "sscc":
        digits = reference[0] + prefix + reference[1:]
        if serial:  # 24 bits that the standard keeps at zero
            raise BadLink("epc")
        return f"/00/{digits}{check_digit(digits)}"
    text = str(serial) if scheme.serial_bits < 140 else _letters(serial)
    if scheme.name == "sgln":
        digits = prefix + reference
        return f"/414/{digits}{check_digit(digits)}" + ("" if text == "0" else f"/254/{escape(text)}")
    digits = reference[0] + prefix + reference[1:]
    return f"/01/{digits}{check_digit(digits)}/21/{escape(text)}"


def _letters(bits: int) -> str:
    """Read twenty letters of seven bits, the unused ones at the end zero."""
    letters = [bits >> 7 * place & 127 for place in reversed(range(20))]
    text = bytes(letters).rstrip(b"\x00")
    if 0 in text or not text:
        raise BadLink("epc")
    return text.decode("ascii")
