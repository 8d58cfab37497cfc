"""What stands for a field that could not be read, so that the rest of its form is judged all the same.

It is to words and days what NaN is to numbers: nothing is known of it. Every comparison with it is false and every sum
with it is `UNREAD` again, so a rule that would need it stays silent and the other rules speak.
"""

from enum import Enum
from typing import Any, Final, TypeVar

Choice = TypeVar("Choice", bound=Enum)


class NotRead(Exception):  # noqa: N818 - not an error: judging has come as far as it can
    """Something needed the very value of a field that could not be read."""


class _Unread:
    __slots__ = ()
    is_clause_element = False  # SQLAlchemy asks, and then calls `__clause_element__`

    def __bool__(self) -> bool:
        return True  # something was typed, or had to be

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        raise NotRead

    def _never(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _never

    def _again(self, *others: object, **named: object) -> Any:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _again
    __floordiv__ = __rfloordiv__ = __mod__ = __neg__ = __call__ = __getitem__ = _again

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_sa_"):  # it is put where a record belongs
            raise NotRead
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __str__(self) -> str:
        return "…"

    def _needed(self) -> Any:
        raise NotRead

    __int__ = __index__ = __float__ = __len__ = __iter__ = __clause_element__ = _needed


UNREAD: Final[Any] = _Unread()


def one_of(kind: type[Choice], said: object) -> Choice:
    """The member of `kind` that was chosen."""
    unread: Any = said
    return unread if said is UNREAD else kind(said)
