"""What hand scanners type into computers set to other keyboards is read back, or what cannot be read is said."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from trace.standards.codes import ALPHABET
from trace.standards.keyboards import Keyboard, has_vietnamese, readings

CODES = st.text(ALPHABET, min_size=16, max_size=16)
FRENCH = str.maketrans("1234567890-qwazm,./;:?MQWAZ_", "&é\"'(-è_çà)azqw,;:!mM§?AZQW°")
GERMAN = str.maketrans("yzYZ-/:", "zyZYß-Ö")
TELEX_TONES = {"S": "\u0301", "F": "\u0300", "R": "\u0309", "X": "\u0303", "J": "\u0323"}
VNI_MARKS = dict(zip("12345678", "\u0301\u0300\u0309\u0303\u0323\u0302\u031b\u0306", strict=True))


def read_of(text: str) -> set[str]:
    return {reading.text for reading in readings(text)}


@given(CODES)
def test_a_link_through_a_french_or_german_keyboard_is_read_back(code: str) -> None:
    link = f"HTTPS://TEM.VN/T/{code}"
    assert link in read_of(link)
    assert link in read_of(link.translate(FRENCH))
    assert link in read_of(link.translate(GERMAN))


@given(st.text("HNMBCDGKPQRSTVWX", min_size=2, max_size=5), st.integers(1, 999_999))
def test_a_serial_through_a_french_keyboard_is_read_back(label: str, number: int) -> None:
    serial = f"{label}-26A-{number:07d}"
    assert serial in read_of(serial.translate(FRENCH))


def vietnamese(keys: str, marks: dict[str, str], *, telex: bool) -> str:
    """What a Vietnamese input method shows of keys, at its simplest: each mark falls on the vowel just before it."""
    shown = ""
    for key in keys:
        before = shown[-1:] and unicodedata.normalize("NFD", shown[-1])
        bare = before[:1] in "AEY" and before != ""
        if bare and len(before) == 1 and key in marks and (before != "Y" or marks[key] not in "\u0302\u0306\u031b"):
            if (marks[key] == "\u0306" and before != "A") or marks[key] == "\u031b":
                shown += key
            else:
                shown = shown[:-1] + unicodedata.normalize("NFC", before + marks[key])
        elif telex and before in ("A", "E") and key == before:
            shown = shown[:-1] + unicodedata.normalize("NFC", before + "\u0302")
        elif before == "D" and key == ("D" if telex else "9"):
            shown = shown[:-1] + "Đ"
        else:
            shown += key
    return shown


@given(CODES)
def test_a_code_that_vietnamese_typing_has_marked_is_among_the_readings(code: str) -> None:
    assert code in read_of(vietnamese(code, TELEX_TONES, telex=True))
    assert code in read_of(vietnamese(code, VNI_MARKS, telex=False))


def test_a_tone_that_was_struck_late_is_read_back_too() -> None:
    assert "7K3A9QX2S" in read_of("7K3Á9QX2"), "S struck four keys after its vowel"
    assert "WBCD" in read_of("ƯBCD"), "Telex makes a lone W an Ư"


def test_what_no_input_method_touched_is_read_as_it_stands() -> None:
    reading = next(readings("7K3M9QX2WBCD5EFG"))
    assert (reading.text, reading.keyboard) == ("7K3M9QX2WBCD5EFG", Keyboard.PLAIN)
    assert not has_vietnamese("7K3M9QX2WBCD5EFG")
    assert has_vietnamese("7K3M9QXÁ")


@given(st.text(max_size=300))
def test_any_text_gives_a_bounded_number_of_readings(text: str) -> None:
    assert sum(1 for _ in readings(text)) <= 2 * 5_000 + 3
