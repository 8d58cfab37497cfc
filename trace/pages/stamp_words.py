"""The words for states of stamps: the finer ones, beside the five that everybody reads first."""

from typing import Any

from flask_babel import lazy_gettext

FINER: dict[str, Any] = {
    "ordered": lazy_gettext("ordered, waiting for approval"),
    "made": lazy_gettext("not printed"),
    "printed": lazy_gettext("printed"),
    "delivered": lazy_gettext("delivered from the print house"),
    "handed_over": lazy_gettext("handed over to a grower"),
    "active": lazy_gettext("active"),
    "returned": lazy_gettext("came back unused"),
    "lost": lazy_gettext("lost"),
    "void": lazy_gettext("void"),
    "recalled": lazy_gettext("recalled"),
}
"""By state of the range."""
