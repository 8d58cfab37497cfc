"""Kinds of support and the steps of each: data that officers add to and change, version by version."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import StepTemplate, SupportKind
from .actor import Actor
from .history import record
from .refused import Refused

FIRST_KINDS = {
    "tools": (
        "Công cụ cải tiến (5S …)",
        ("Đánh giá trước khi áp dụng", "Đào tạo", "Áp dụng", "Đánh giá sau khi áp dụng"),
    ),
    "systems": (
        "Hệ thống quản lý (ISO 9001 …)",
        ("Khảo sát", "Đào tạo", "Xây dựng tài liệu", "Đánh giá nội bộ", "Chứng nhận"),
    ),
    "conformity": ("Chứng nhận hợp chuẩn", ("Thử nghiệm mẫu", "Đánh giá", "Chứng nhận")),
    "regulation": ("Công bố hợp quy", ("Thử nghiệm mẫu", "Đánh giá", "Công bố")),
    "vietgap": ("VietGAP", ("Đào tạo", "Đánh giá nội bộ", "Chứng nhận")),
    "trademark": (
        "Xây dựng nhãn hiệu",
        ("Nộp đơn", "Thẩm định hình thức", "Công bố đơn", "Thẩm định nội dung", "Cấp văn bằng"),
    ),
    "stamps": ("Tem truy xuất nguồn gốc", ("Đặt tem lần đầu", "Kích hoạt lần đầu")),
}
"""The kinds the service comes with, and their first steps; both are data from then on."""


def bring_kinds(session: Session, *, actor: Actor, now: datetime) -> None:
    if session.scalar(select(SupportKind.id).limit(1)) is None:
        for key, (name, steps) in FIRST_KINDS.items():
            add_kind(session, key, name, steps, actor=actor, now=now)


def add_kind(
    session: Session, key: str, name: str, steps: tuple[str, ...], *, actor: Actor, now: datetime
) -> SupportKind:
    if not key:
        raise Refused("Name the kind of support.", field="name")
    if session.scalar(select(SupportKind.id).where(SupportKind.key == key)) is not None:
        raise Refused("There is a kind of this name already.", field="name")
    kind = SupportKind(key=key, name=name.strip(), created_at=now)
    session.add(kind)
    record(session, "support_kind.added", kind, actor=actor, now=now)
    change_steps(session, kind, steps, actor=actor, now=now)
    return kind


def change_steps(
    session: Session, kind: SupportKind, steps: tuple[str, ...], *, actor: Actor, now: datetime
) -> StepTemplate:
    """A new version of a kind's steps. What is under way keeps the steps it began with."""
    named = [step.strip() for step in steps if step.strip()]
    if not named:
        raise Refused("Write at least one step.", field="steps")
    words = json.dumps(named, ensure_ascii=False)
    template = StepTemplate(version=len(kind.templates) + 1, steps=words, created_at=now)
    kind.templates.append(template)
    session.flush()
    record(session, "support_kind.steps_set", template, actor=actor, now=now)
    return template


def steps_of(kind: SupportKind) -> list[str]:
    """The names of the newest version, in order."""
    return list(json.loads(kind.templates[-1].steps))
