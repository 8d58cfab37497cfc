"""Reading the symbol in a photograph of a stamp, for phones whose browser cannot read it by itself."""

from .refused import Refused
from .uploads import symbols_in


def link_in_photo(data: bytes, field: str) -> str:
    """What the one symbol in a picture says. Raises `Refused` beside `field`."""
    found = symbols_in(data, field)
    if not found:
        raise Refused("No symbol can be read in this photo: go closer, hold still, in good light.", field=field)
    if len(found) > 1:
        raise Refused("This photo shows several stamps: go closer, so that it shows only one.", field=field)
    return found[0]
