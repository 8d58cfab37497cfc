"""The day in Vietnam: what people mean by "today", whatever the server's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def day_of(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
