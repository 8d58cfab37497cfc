"""Tables brought from Excel or CSV: each kind declares its columns, everything else is the same for all."""

from typing import Final

from .advice_kind import ADVICE
from .diary_kind import DIARY
from .enrolment_kind import ENROLMENTS
from .farm_kinds import BUYERS, GROWERS, PLOTS
from .kind import Kind
from .product_kind import PRODUCTS
from .scope_kind import SCOPE_LINES

KINDS: Final[dict[str, Kind]] = {
    kind.key: kind for kind in (GROWERS, PLOTS, PRODUCTS, SCOPE_LINES, DIARY, BUYERS, ENROLMENTS, ADVICE)
}
"""Further kinds are added by whoever brings them."""

__all__ = ["KINDS", "Kind"]
