"""What a unit asks for: kinds, the cost it expects of each, its plan. The same questions on every form of enrolment."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from ..records import SupportKind
from .fields import MoneyField, NoteField, needed
from .forms import Form


class KindsField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Asking:
    """Fields put before those of another form by `asking`; each kind has its box and, beside it, its cost."""

    offered: Sequence[SupportKind] = ()
    kinds = KindsField(lazy_gettext("What do you ask for?"), validate_choice=False)
    plan = NoteField(
        lazy_gettext("What do you plan to do?"),
        validators=[needed()],
        description=lazy_gettext("A few sentences: for which products, how many households or hectares, by when."),
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        whole: bool = super().validate(*args, **kwargs)  # type: ignore[misc]
        return self._costs_fit() and whole

    def cost_of(self, kind: SupportKind) -> Any:
        return self[f"cost_{kind.key}"]  # type: ignore[index]

    def _costs_fit(self) -> bool:
        fit = bool(self.kinds.data)
        if not fit:
            self.kinds.errors = [gettext("Choose at least one kind of support.")]
        for kind in self.offered:
            cost, ticked = self.cost_of(kind), kind.key in (self.kinds.data or [])
            if cost.errors or ticked is bool(cost.typed):
                continue
            said = gettext("Please fill this in.") if ticked else gettext("Tick this kind too, or clear its cost.")
            cost.errors, fit = [*cost.errors, said], False
        return fit

    def asked(self) -> dict[SupportKind, int]:
        """Each kind that is ticked, with its expected cost in đồng."""
        chosen = self.kinds.data or []
        return {kind: self.cost_of(kind).data for kind in self.offered if kind.key in chosen}


def asking(base: type[Form], kinds: Sequence[SupportKind]) -> Any:
    """A form of `base` that also asks for support; its class, for each year may offer other kinds."""
    costs = {f"cost_{kind.key}": MoneyField(lazy_gettext("Expected cost")) for kind in kinds}
    made: Any = type("AskingForm", (Asking, base), {**costs, "offered": kinds})
    return made


def offer(form: Any) -> Any:
    """Fill in the list of kinds."""
    form.kinds.choices = [(kind.key, kind.name) for kind in form.offered]
    return form
