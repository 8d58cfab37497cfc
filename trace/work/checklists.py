"""The checklist of audits: what the service came with, and the versions that offices made of it."""

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Checklist, ChecklistItem
from .actor import SERVICE, Actor
from .history import record
from .refused import Refused, refuse_all

VIETGAP, TRACING = "TCVN 11892-1:2017", "TCVN 13167:2025"
MOST_POINTS = 200
LONGEST_TEXT = 400

FIRST: tuple[tuple[str, str, str], ...] = (
    (VIETGAP, "Tập huấn", "Người quản lý, người lao động và người đánh giá nội bộ đã được tập huấn, có danh sách."),
    (VIETGAP, "Vùng sản xuất", "Vườn đúng vị trí, đúng ranh giới và diện tích như chứng nhận và sơ đồ thửa."),
    (VIETGAP, "Vùng sản xuất", "Vườn VietGAP tách riêng, không lẫn với vườn không chứng nhận."),
    (VIETGAP, "Đất, nước", "Đã đánh giá nguy cơ của đất và nước tưới, có phiếu kết quả còn hạn."),
    (VIETGAP, "Giống", "Giống có nguồn gốc, có ghi ngày trồng và nơi mua."),
    (VIETGAP, "Phân bón", "Phân bón được phép dùng, có ghi ngày, thửa, loại, lượng và cách bón."),
    (VIETGAP, "Thuốc bảo vệ thực vật", "Thuốc trong danh mục cho phép; ghi tên thuốc, hoạt chất, liều và người phun."),
    (VIETGAP, "Thuốc bảo vệ thực vật", "Giữ đủ thời gian cách ly; ngày được thu hoạch ghi rõ và đúng với thực tế."),
    (VIETGAP, "Thuốc bảo vệ thực vật", "Kho thuốc khóa, tách khỏi sản phẩm; vỏ bao được thu gom."),
    (VIETGAP, "Thu hoạch", "Sổ cân mỗi lần thu hoạch khớp với dòng thu nhận của lô."),
    (VIETGAP, "Sơ chế, đóng gói", "Nơi đóng gói sạch; lô chứng nhận không lẫn với hàng khác, kể cả hàng mua ngoài."),
    (VIETGAP, "Sơ chế, đóng gói", "Khối lượng đóng gói và hao hụt khớp với sổ và với hàng còn trong kho."),
    (VIETGAP, "Ghi chép", "Nhật ký đủ cho mọi thửa và được ghi kịp thời."),
    (VIETGAP, "Đánh giá nội bộ", "Đánh giá nội bộ trong 12 tháng, đủ mọi hộ, có hành động khắc phục."),
    (VIETGAP, "Khiếu nại, thu hồi", "Khiếu nại được ghi và trả lời; đã diễn tập hoặc biết cách thu hồi."),
    (TRACING, "Nhận diện", "Mỗi lô có mã riêng; mã trên bao gói, trên sổ và trên hệ thống là một."),
    (TRACING, "Tem", "Tem quét được, dán đúng gói; số tem khớp với số gói; tem hỏng được ghi hủy."),
    (TRACING, "Tem", "Tem chưa dùng được cất giữ, đếm lại khớp với hệ thống."),
    (TRACING, "Truy ngược", "Từ một gói bất kỳ tìm được thửa, ngày thu hoạch và đầu vào trong vòng bốn giờ."),
    (TRACING, "Truy xuôi", "Từ một lô tìm được mọi nơi đã giao hàng, có phiếu giao hàng."),
)
"""Standard, heading, and our own words. Only headings follow the standards; the texts are ours."""


def current_checklist(session: Session, *, now: datetime) -> Checklist:
    """The newest version; the first one is written down when it is first asked for by something that writes."""
    newest = newest_checklist(session)
    if newest is not None:
        return newest
    return _store(session, 1, first_items(), None, actor=SERVICE, now=now)


def newest_checklist(session: Session) -> Checklist | None:
    return session.scalars(select(Checklist).order_by(Checklist.version.desc()).limit(1)).first()


def first_items() -> list[ChecklistItem]:
    return [ChecklistItem(f"p{place:03d}", *row) for place, row in enumerate(FIRST, start=1)]


def revise(
    session: Session, items: list[ChecklistItem], note: str | None, *, seen: int, actor: Actor, now: datetime
) -> Checklist:
    """A new version from the `seen` one; visits that have begun keep theirs."""
    newest = int(session.scalar(select(func.max(Checklist.version))) or 0)
    found = []
    if seen != newest:
        found.append(Refused("Somebody has made a newer version meanwhile: look again.", conflict=True))
    if not items:
        found.append(Refused("A checklist has at least one point.", field="points"))
    if len(items) > MOST_POINTS:
        found.append(Refused("A checklist has at most %(most)s points.", field="points", most=MOST_POINTS))
    if any(not item.text or len(item.text) > LONGEST_TEXT or not item.clause for item in items):
        found.append(
            Refused(
                "Each line has three parts: standard | heading | what is looked at, at most %(most)s letters.",
                field="points",
                most=LONGEST_TEXT,
            )
        )
    refuse_all(found)
    return _store(session, newest + 1, items, note, actor=actor, now=now)


def _store(
    session: Session, version: int, items: list[ChecklistItem], note: str | None, *, actor: Actor, now: datetime
) -> Checklist:
    words = json.dumps([asdict(item) for item in items], ensure_ascii=False)
    made = Checklist(version=version, items=words, note=note, by_person_id=actor.person_id, made_at=now, created_at=now)
    session.add(made)
    record(session, "checklist.made", made, actor=actor, now=now)
    return made


def as_lines(items: list[ChecklistItem]) -> str:
    """One point a line, to be changed in a text box: key | standard | heading | text."""
    return "\n".join(f"{item.key} | {item.standard} | {item.clause} | {item.text}" for item in items)


def from_lines(text: str) -> list[ChecklistItem]:
    """Read back what `as_lines` gives; a line without a key gets the next free one."""
    rows = [[part.strip() for part in line.split("|")] for line in text.splitlines() if line.strip()]
    taken = {row[0] for row in rows if len(row) > 3}
    free = (key for number in range(1, 1000) if (key := f"p{number:03d}") not in taken)
    found = []
    for row in rows:
        key, rest = (row[0][:20], row[1:]) if len(row) > 3 else (next(free), row)
        standard, clause, words = [*rest[:2], " | ".join(rest[2:])] if len(rest) > 2 else ["", "", ""]
        found.append(ChecklistItem(key, standard, clause, words))
    return found
