"""What is remembered. Nouns, one subject a file; nothing here knows Flask."""

from .activation import Activation
from .area_code import AreaCode, Market
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
    Surveillance,
)
from .checklist import Checklist, ChecklistItem
from .complaint import Complaint, ComplaintAbout, ComplaintAnswer, ComplaintSource, ComplaintState
from .cooperative import (
    KINDS_WITHOUT_TAX_CODE,
    Consent,
    ConsentTo,
    Cooperative,
    CooperativeDecision,
    CooperativeKind,
    CooperativeVerdict,
)
from .copy_case import CaseState, CopyCase, CopyCaseStep
from .deployment import Bucket, Deployment, Setting, SpentForm
from .diary import DiaryEntry, DiaryEntryPlot, DiaryKind, DiaryPage, DiaryPhoto, DiaryUnit
from .dispatch import Buyer, Dispatch, DispatchLine
from .dossier import Dossier
from .doubt import Doubt, DoubtKind, DoubtState, DoubtStep
from .enrolment import Enrolment, EnrolmentKind, EnrolmentMove, EnrolmentResult, EnrolmentState, EnrolmentStep
from .enrolment_papers import EnrolmentDocument, EnrolmentScore, ScorePhase
from .entry import Entry, EntrySecret
from .expiry import ExpiryWarning
from .farm import Grower, Plot
from .hand_over import HandOver, HandOverReturn
from .importing import Import, ImportRow
from .internal_audit import (
    InternalAnswer,
    InternalAudit,
    InternalAuditGrower,
    InternalFinding,
    InternalGrade,
)
from .link import PlaceKind, PlaceNumber, ProductLink
from .log import LogCheckpoint, LogCosignature, LogTile
from .notice import Notice
from .own_label import OwnFace, OwnFaceVersion, OwnStock
from .part_sheet import PartSheet
from .pin import PinIssue, PinKey, StampPin
from .print_job import BEING_MADE, JobState, PrintChunk, PrintExport, PrintJob
from .printer import Printer
from .product import (
    GRANTED_STATES,
    PENDING_STATES,
    Product,
    Trademark,
    TrademarkConsent,
    TrademarkEvent,
    TrademarkKind,
    TrademarkState,
)
from .programme import Advice, Campaign, CampaignLetter, LetterKind, ProgrammeUnit, StepTemplate, SupportKind
from .proposal import Answer, Proposal, ProposalAnswer
from .recall import Recall, RecallBatch, RecallRange
from .sample import MICRO, SampleResult, SampleTest
from .scan import NOWHERE, LookDay, Scan, ScanDay, ScanNorm, ScanSalt
from .stamp import (
    MOST_STAMPS_IN_A_RUN,
    ON_PAPER,
    OUT_OF_USE,
    RUN_NUMBERS,
    SEEN_AS,
    SERIAL_DIGITS,
    WAITING,
    Printing,
    RangeState,
    Run,
    StampKey,
    StampRange,
)
from .stamp_order import OrderVerdict, StampOrder, StampOrderDecision
from .support import PaymentKind, SupportCost, SupportPayment
from .upkeep import Backup, BackupKind, Job, KeyCopy
from .upload import Upload
from .visit import (
    Finding,
    FindingGrade,
    FindingMove,
    FindingStep,
    PointAnswer,
    Visit,
    VisitAnswer,
    VisitResult,
    VisitScan,
)
from .wire import PrintSend, SendState, WirePrinter

__all__ = [
    "ADVERSE",
    "BEING_MADE",
    "COVERING",
    "GRANTED_STATES",
    "KINDS_WITHOUT_TAX_CODE",
    "MICRO",
    "MOST_STAMPS_IN_A_RUN",
    "NOWHERE",
    "ON_PAPER",
    "OUT_OF_USE",
    "PENDING_STATES",
    "RUN_NUMBERS",
    "SEEN_AS",
    "SERIAL_DIGITS",
    "WAITING",
    "Activation",
    "Advice",
    "Answer",
    "AreaCode",
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
    "Campaign",
    "CampaignLetter",
    "CaseState",
    "Certificate",
    "CertificateDecision",
    "CertificateState",
    "CertificateVerdict",
    "Checklist",
    "ChecklistItem",
    "Complaint",
    "ComplaintAbout",
    "ComplaintAnswer",
    "ComplaintSource",
    "ComplaintState",
    "Consent",
    "ConsentTo",
    "Cooperative",
    "CooperativeDecision",
    "CooperativeKind",
    "CooperativeVerdict",
    "CopyCase",
    "CopyCaseStep",
    "Deployment",
    "DiaryEntry",
    "DiaryEntryPlot",
    "DiaryKind",
    "DiaryPage",
    "DiaryPhoto",
    "DiaryUnit",
    "Dispatch",
    "DispatchLine",
    "Dossier",
    "Doubt",
    "DoubtKind",
    "DoubtState",
    "DoubtStep",
    "Enrolment",
    "EnrolmentDocument",
    "EnrolmentKind",
    "EnrolmentMove",
    "EnrolmentResult",
    "EnrolmentScore",
    "EnrolmentState",
    "EnrolmentStep",
    "Entry",
    "EntrySecret",
    "ExpiryWarning",
    "Finding",
    "FindingGrade",
    "FindingMove",
    "FindingStep",
    "Grower",
    "HandOver",
    "HandOverReturn",
    "Import",
    "ImportRow",
    "IntakeLine",
    "InternalAnswer",
    "InternalAudit",
    "InternalAuditGrower",
    "InternalFinding",
    "InternalGrade",
    "Job",
    "JobState",
    "KeyCopy",
    "LetterKind",
    "LogCheckpoint",
    "LogCosignature",
    "LogTile",
    "LookDay",
    "Market",
    "Notice",
    "OrderVerdict",
    "OwnFace",
    "OwnFaceVersion",
    "OwnStock",
    "Owned",
    "PartSheet",
    "PaymentKind",
    "PinIssue",
    "PinKey",
    "PlaceKind",
    "PlaceNumber",
    "Plot",
    "PointAnswer",
    "PrintChunk",
    "PrintExport",
    "PrintJob",
    "PrintSend",
    "Printer",
    "Printing",
    "Product",
    "ProductLink",
    "ProgrammeUnit",
    "Proposal",
    "ProposalAnswer",
    "RangeState",
    "Recall",
    "RecallBatch",
    "RecallRange",
    "Run",
    "SampleResult",
    "SampleTest",
    "Scan",
    "ScanDay",
    "ScanNorm",
    "ScanSalt",
    "Scheme",
    "ScopeLine",
    "ScorePhase",
    "Season",
    "SeasonPlot",
    "SendState",
    "Setting",
    "SpentForm",
    "StampKey",
    "StampOrder",
    "StampOrderDecision",
    "StampPin",
    "StampRange",
    "StepTemplate",
    "SupportCost",
    "SupportKind",
    "SupportPayment",
    "Surveillance",
    "Trademark",
    "TrademarkConsent",
    "TrademarkEvent",
    "TrademarkKind",
    "TrademarkState",
    "Upload",
    "Visit",
    "VisitAnswer",
    "VisitResult",
    "VisitScan",
    "WirePrinter",
    "opaque_id",
]
