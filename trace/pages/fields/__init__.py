"""Form fields that read what people here type: Vietnamese numbers and units, days, phones, names.

Every field keeps what was typed, puts its complaint beside itself, and says what it understood (`understood`).
"""

from .days import DayField, DayInput, not_ahead
from .identifiers import IDENTIFIER_COMPLAINTS, IdentifierField, PhoneField
from .quantities import QUANTITY_COMPLAINTS, AreaField, CountField, MoneyField, QuantityField, WeightField
from .typed import TypedField
from .words import LONGEST_NOTE, LONGEST_WORDS, NoteField, UploadField, WordsField, needed

__all__ = [
    "IDENTIFIER_COMPLAINTS",
    "LONGEST_NOTE",
    "LONGEST_WORDS",
    "QUANTITY_COMPLAINTS",
    "AreaField",
    "CountField",
    "DayField",
    "DayInput",
    "IdentifierField",
    "MoneyField",
    "NoteField",
    "PhoneField",
    "QuantityField",
    "TypedField",
    "UploadField",
    "WeightField",
    "WordsField",
    "needed",
    "not_ahead",
]
