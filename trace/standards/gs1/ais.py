"""The GS1 application identifiers: what their values are made of, and which go with which.

Facts of the GS1 General Specifications 26.0 (§3, and §4.14 for the pairs), in a notation of our own. A line reads
`identifiers; parts; role; needs; never with`. Parts: N digits, X character set 82, Y set 39, Z base 64 for addresses;
a length, `..` for up to; in brackets if optional; after a colon, checks. Role: `data` may stand in a link's query;
`key` opens a link's path, with its qualifiers in order, alternatives apart by |. Needs: one of these groups must be
there too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .checks import CHECKS, CSET_39, CSET_64, CSET_82, DIGITS

_LINES: Final = """
00; N18:check; data key
01; N14:check; data key 22,10,21|235; ; 255 37
02; N14:check; data; 37; 01 03
03; N14:check; ; ; 01 02 37 235
10; X..20; data; 01 02 03 8006 8026
11 13 15 16; N6:day0; data; 01 02 03 8006 8026
12; N6:day0; data; 8020
17; N6:day0; data; 01 02 03 255 8006 8026
20; N2; data; 01 02 03 8006 8026
21; X..20; ; 01 03 8006; 235
22; X..20; ; 01
235; X..28; ; 01
240 241; X..30; data; 01 02 03 8006 8026
242; N..6; data; 01 02 8006 8026
243; X..20; data; 01 03
250; X..30; data; 01+21 03+21 8006+21
251; X..30; data; 01 03 8006
253; N13:check [X..17]; data key
254; X..20; ; 414
255; N13:check [N..12]; data key; ; 01 02 415 8006 8020 8026
30; N..8; data; 01 02
310n 311n 312n 313n 314n 315n 316n; N6; data; 01 02; same
320n 321n 322n 323n 324n 325n 326n 327n 328n 329n; N6; data; 01 02; same
330n 331n 332n 333n 334n 335n 336n; N6; data; 00 01; same
337n; N6; data; 01; same
340n 341n 342n 343n 344n 345n 346n 347n 348n 349n; N6; data; 00 01; same
350n 351n 352n 356n 357n 360n 361n 364n 365n 366n; N6; data; 01 02; same
353n 354n 355n 362n 363n 367n 368n 369n; N6; data; 00 01; same
37; N..8; data; 00+02 00+8026
3900-3909; N..15; data; 255 8020; 390n 391n 394n 8111
3910-3919; N3:nonzero N..15; data; 8020; 391n
3920-3929; N..15; data; 01+30 01+31nn 01+32nn 01+35nn 01+36nn; 392n 393n
3930-3939; N3:nonzero N..15; data; 30 31nn 32nn 35nn 36nn; 393n
3940-3943; N4; data; 255; 394n 8111
3950-3955; N6; data; 30 31nn 32nn 35nn 36nn; 392n 393n 395n 8005
400; X..30; data
401; X..30:prefix; data key
402; N17:check; data key
403; X..30; data; 00
410 411 412 413 416; N13:check; data
414; N13:check; data key 254|7040
415; N13:check; data key 8020; 8020
417; N13:check; data key 7040
420; X..20; data; ; 421
421; N3:country X..9; data; ; 4307
422; N3:country; data; 01 02 03 8006 8026; 426
423 425; N3:country [N3:country] [N3:country] [N3:country] [N3:country]; data; 01 02 03; 426
424; N3:country; data; 01 02 03; 426
426; N3:country; data; 01 02 03
427; X..3; data; 01+422 02+422 03+422
4300 4301 4310 4311 4320; X..35:escaped; data; 00
4302 4304-4306 4312 4314-4316; X..70:escaped; data; 00
4303; X..70:escaped; data; 4302
4313; X..70:escaped; data; 4312
4307 4317; X2:alpha2; data; 00
4308 4319; X..30; data; 00
4309; N10:latitude N10:longitude; data; 00
4318; X..20; data; 00
4321-4323; N1:yesno; data; 00
4324 4325; N6:day0 N4:time; data; 00
4326; N6:day; data; 00
4330; N6 [X1:minus]; data; 00; 4331
4331; N6 [X1:minus]; data; 00; 4330
4332; N6 [X1:minus]; data; 00; 4333
4333; N6 [X1:minus]; data; 00; 4332
7001; N13; data; 01 02 8006 8026
7002; X..30; data; 01 02
7003; N6:day N4:time; data; 01 02 03
7004; N..4; data; 01+10 03+10
7005; X..12; data; 01 02
7006; N6:day; data; 01 02
7007; N6:day [N6:day]; data; 01 02
7008; X..3; data; 01 02
7009; X..10; data; 01 02
7010; X..2; data; 01 02 03
7011; N6:day [N4:time]; data; 01 02 03
7020; X..20; data; 01+416 03+416 8006+416
7021; X..20; data; 01 03 8006
7022; X..20; data; 01+7021 03+7021 8006+7021
7023; X..30:prefix; data
7030-7039; N3:country+ X..27; data; 01 02
7040; N1 X1 X1 X1:index
7041; X..4; ; 00
710-717; X..20; data; 01
7230-7239; X2 X..28; data; 01 8004
7240; X..20; data; 01 8006; 03
7241; N2:media; data; 8017 8018
7242; X..25; data; 8017 8018
7250; N8:longday; data; 8018; 7251
7251; N8:longday N4:time; data; 8018; 7250
7252; N1:sex; data; 8018
7253 7254; X..40:escaped; data; 8017 8018; 7256 7259
7255; X..10; data; 8017 8018; 7256 7259
7256; X..90:escaped; data; 8017 8018
7257; X..70:escaped; data; 8018
7258; X3:born; data; 8018+7259
7259; X..40:escaped; data; 8018; 7256
8001; N4:nonzero N5:nonzero N3:nonzero N1:winding N1; data; 01
8002; X..20; data
8003; N1:zero N13:check [X..16]; data key
8004; X..30:prefix; data key 7040
8005; N6; data; 01 02
8006; N14:check N4:piece; data key 22,10,21; ; 01 03 37
8007; X..34:iban; data; 415
8008; N6:day N2:hour [N2:sixty] [N2:sixty]; data; 01 02 03
8009; X..50; data; 00 01 03
8010; Y..30:prefix; data key 8011
8011; N..12:nozero; ; 8010
8012; X..20; data; 01 03 8006
8013; X..25:prefix:pair; data key
8014; X..25:prefix:pair; ; 01
8017; N18:check; data key 8019; ; 8018
8018; N18:check; data key 8019; ; 8017
8019; N..10; ; 8017 8018
8020; X..25; ; 415
8026; N14:check N4:piece; data; 37; 02 03 8006
8030; Z..90; data; 00 01+21 03+21 253 255 8003 8004 8006+21 8010+8011 8017 8018
8040; N15; ; 01+21
8041; N15; ; 01+21+8040
8042; N32; ; 01+21+8040
8043; N18 [N..2]; ; 01+21+8040
8110 8112; X..70:digits; data
8111; N4; data; 255
8200; X..70; ; 01
90; X..30; data
91-99; X..90; data
"""

_PART: Final = re.compile(r"(\[?)([NXYZ])(\.\.)?([0-9]+)((?::[a-z0-9+]+)*)(\]?)")
_SETS: Final = {"N": DIGITS, "X": CSET_82, "Y": CSET_39, "Z": CSET_64}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a value. Only the last may vary in length."""

    characters: frozenset[str]
    shortest: int
    longest: int
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ai:
    """One application identifier. `qualifiers` is None for what is no key; else the orders allowed, () for none."""

    code: str
    parts: tuple[Part, ...]
    data: bool
    qualifiers: tuple[tuple[str, ...], ...] | None
    needs: tuple[tuple[str, ...], ...]
    never_with: tuple[str, ...]

    def fault(self, value: str) -> str | None:
        """Return why a value is none of this identifier's – length, characters, or the check's name – or None."""
        rest = value
        for part in self.parts:
            if not rest and part.optional:
                break
            piece, rest = rest[: part.longest], rest[part.longest :]
            if len(piece) < part.shortest:
                return "length"
            if not set(piece) <= part.characters:
                return "characters"
            for check in part.checks:
                if not CHECKS[check](piece):
                    return check
        return "length" if rest else None


def matches(pattern: str, code: str) -> bool:
    """Tell whether an identifier fits a pattern, in which n stands for any digit."""
    return len(pattern) == len(code) and all(mark in {digit, "n"} for mark, digit in zip(pattern, code, strict=True))


def _codes(text: str) -> Iterator[tuple[str, str]]:
    """Yield each identifier named at the head of a line, with the pattern of its own group."""
    for word in text.split():
        first, _, last = word.partition("-")
        if word.endswith("n"):  # a measure: the fourth digit counts the decimals
            yield from ((word[:-1] + str(digit), word) for digit in range(6))
        else:
            yield from ((str(number).zfill(len(first)), word) for number in range(int(first), int(last or first) + 1))


def _part(text: str) -> Part:
    if not (parsed := _PART.fullmatch(text)):
        raise ValueError(f"the table holds {text!r}, which is no part")
    bracket, kind, up_to, length, checks, _ = parsed.groups()
    names = tuple(checks.split(":")[1:])
    return Part(_SETS[kind], 1 if up_to else int(length), int(length), bool(bracket), names)


def _ais() -> Iterator[Ai]:
    for line in _LINES.strip().splitlines():
        heads, parts, role, needs, never = [*(field.strip() for field in line.split(";")), "", "", ""][:5]
        for code, group in _codes(heads):
            qualifiers = None
            if "key" in role:
                orders = role.partition("key")[2].strip()
                qualifiers = tuple(tuple(order.split(",")) for order in orders.split("|")) if orders else ()
            yield Ai(
                code,
                tuple(_part(part) for part in parts.split()),
                "data" in role,
                qualifiers,
                tuple(tuple(need.split("+")) for need in needs.split()),
                tuple(group if other == "same" else other for other in never.split()),
            )


AIS: Final[Mapping[str, Ai]] = {ai.code: ai for ai in _ais()}


def pair_fault(codes: frozenset[str]) -> str | None:
    """Return the identifier that lacks a companion or stands beside one it must not, or None."""
    for code in sorted(codes):
        ai = AIS[code]
        if ai.needs and not any(all(_any_of(one, codes) for one in need) for need in ai.needs):
            return code
        if any(_any_of(other, codes - {code}) for other in ai.never_with):
            return code
    return None


def _any_of(pattern: str, codes: frozenset[str]) -> bool:
    return any(matches(pattern, code) for code in codes)
