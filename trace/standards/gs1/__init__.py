"""GS1: Digital Link URIs, EPC binary strings, link types, and what a resolver answers."""

from .ais import AIS
from .digital_link import BadLink, DigitalLink, is_lot, parse, parse_target, product_link
from .epc import decompress, is_epc
from .link_types import ALL, LINK_TYPES, LINKSET, VOCABULARY, link_type
from .resolving import (
    CONTEXT_LINK,
    LINKSET_JSON,
    Choice,
    Entity,
    Target,
    choose,
    description_file,
    forward,
    linkset,
    linkset_as_json_ld,
)

__all__ = [
    "AIS",
    "ALL",
    "CONTEXT_LINK",
    "LINKSET",
    "LINKSET_JSON",
    "LINK_TYPES",
    "VOCABULARY",
    "BadLink",
    "Choice",
    "DigitalLink",
    "Entity",
    "Target",
    "choose",
    "decompress",
    "description_file",
    "forward",
    "is_epc",
    "is_lot",
    "link_type",
    "linkset",
    "linkset_as_json_ld",
    "parse",
    "parse_target",
    "product_link",
]
