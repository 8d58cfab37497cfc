"""What is remembered. Nouns, one subject a file; nothing here knows Flask."""

from .assignment import Assignment
from .base import Base, Owned, opaque_id
from .batch import (
    ADVERSE,
    Batch,
    BatchCorrection,
    BatchDecision,
    BatchPhoto,
    BatchVerdict,
    IntakeLine,
    Season,
    SeasonPlot,
)
from .certificate import (
    COVERING,
    Certificate,
    CertificateDecision,
    CertificateState,
    CertificateVerdict,
    Scheme,
    ScopeLine,
)
from .cooperative import (
    KINDS_WITHOUT_TAX_CODE,
    Consent,
    ConsentTo,
    Cooperative,
    CooperativeDecision,
    CooperativeKind,
    CooperativeVerdict,
)
from .deployment import Bucket, Deployment, Setting, SpentForm
from .dispatch import Buyer, Dispatch, DispatchLine
from .entry import Entry, EntrySecret
from .farm import Grower, Plot
from .log import LogCheckpoint, LogTile
from .notice import Notice
from .product import (
    GRANTED_STATES,
    PENDING_STATES,
    Product,
    Trademark,
    TrademarkEvent,
    TrademarkKind,
    TrademarkState,
)
from .stamp import (
    MOST_STAMPS_IN_A_RUN,
    RUN_NUMBERS,
    Printing,
    RangeState,
    Run,
    StampKey,
    StampRange,
)
from .upload import Upload
from .upkeep import Backup, BackupKind, Job, KeyCopy

__all__ = [
    "ADVERSE",
    "COVERING",
    "GRANTED_STATES",
    "KINDS_WITHOUT_TAX_CODE",
    "MOST_STAMPS_IN_A_RUN",
    "PENDING_STATES",
    "RUN_NUMBERS",
    "Assignment",
    "Backup",
    "BackupKind",
    "Base",
    "Batch",
    "BatchCorrection",
    "BatchDecision",
    "BatchPhoto",
    "BatchVerdict",
    "Bucket",
    "Buyer",
    "Certificate",
    "CertificateDecision",
    "CertificateState",
    "CertificateVerdict",
    "Consent",
    "ConsentTo",
    "Cooperative",
    "CooperativeDecision",
    "CooperativeKind",
    "CooperativeVerdict",
    "Deployment",
    "Dispatch",
    "DispatchLine",
    "Entry",
    "EntrySecret",
    "Grower",
    "IntakeLine",
    "Notice",
    "Job",
    "KeyCopy",
    "LogCheckpoint",
    "LogTile",
    "Owned",
    "Plot",
    "Printing",
    "Product",
    "RangeState",
    "Run",
    "Scheme",
    "ScopeLine",
    "Season",
    "SeasonPlot",
    "Setting",
    "SpentForm",
    "StampKey",
    "StampRange",
    "Trademark",
    "TrademarkEvent",
    "TrademarkKind",
    "TrademarkState",
    "Upload",
    "opaque_id",
]
