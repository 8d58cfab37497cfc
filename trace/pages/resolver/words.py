"""Why an address is no link of ours, in a sentence for whoever made or typed it."""

from flask_babel import gettext, lazy_gettext

from ...standards.gs1 import BadLink

_WHY = {
    "too_long": lazy_gettext("It is longer than any link."),
    "segments": lazy_gettext("Its parts do not come in pairs of an identifier and a value."),
    "unknown": lazy_gettext("GS1 has no such application identifier: %(ai)s."),
    "order": lazy_gettext("The identifier %(ai)s cannot stand at this place."),
    "repeated": lazy_gettext("The identifier %(ai)s stands in it twice."),
    "attribute": lazy_gettext("The identifier %(ai)s cannot stand after the question mark."),
    "pairing": lazy_gettext("The identifier %(ai)s lacks its companion, or stands beside one it excludes."),
    "value": lazy_gettext("The value of %(ai)s is none that this identifier can have."),
    "epc": lazy_gettext("It is no tag number that we can read."),
}
_CHECK_DIGIT = lazy_gettext("The check digit of %(ai)s is wrong.")


def fault(bad: BadLink) -> str:
    """Nothing for an address that does not even begin like a link."""
    sentence = _CHECK_DIGIT if bad.fault in {"check", "pair"} else _WHY.get(bad.code)
    return gettext(str(sentence), ai=bad.ai) if sentence else ""
