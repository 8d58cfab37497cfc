"""Add the words that pages and work gained to the Vietnamese catalogue, untranslated (`make words`).

Nothing is taken out: words that stand in tables, and are looked up by key, are not found in the source. The Chinese
catalogue holds the consumer's words only and is filled in by hand; tests name what is missing in either.
"""

from pathlib import Path

from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).resolve().parent.parent / "trace" / "translations"
CATALOGUE = FOLDER / "vi" / "LC_MESSAGES" / "messages.po"


def main() -> None:
    with (FOLDER / "messages.pot").open("rb") as file:
        found = read_po(file)
    with CATALOGUE.open("rb") as file:
        known = read_po(file, locale="vi")
    fresh = [message for message in found if message.id and known.get(message.id, message.context) is None]
    for message in fresh:
        known.add(message.id, context=message.context)
        print("new:", message.id)
    if fresh:
        with CATALOGUE.open("wb") as file:
            write_po(file, known, width=0, sort_output=True, no_location=True)


if __name__ == "__main__":
    main()
