"""Fields for where a plot lies: a point as a phone's map copies it, an outline as text or as a file."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms.widgets import TextArea

from ...standards.places import LONGEST_TEXT, NotAPlace, Outline, Point, read_outline, read_point
from ..fields import TypedField, UploadField

COMPLAINTS: dict[str, Any] = {
    "shape": lazy_gettext("This is not one GeoJSON Polygon."),
    "json": lazy_gettext("This is not JSON. Paste the whole text, from { to }."),
    "outside": lazy_gettext("This lies outside Lạng Sơn."),
    "exchanged": lazy_gettext("Latitude and longitude have been exchanged."),
    "points": lazy_gettext("An outline has 3 to 500 corners."),
    "open": lazy_gettext("The outline is not closed: its last point must be its first."),
    "crosses": lazy_gettext("The outline crosses itself. Walk it again."),
    "thin": lazy_gettext("The outline encloses nothing."),
}
POINT_SHAPE = lazy_gettext("This is not a point. Write latitude and longitude: 21.664512, 106.571234.")


class PointField(TypedField):
    data: Point | None

    def read(self, text: str) -> Point:
        try:
            return read_point(text)
        except NotAPlace as no:
            raise ValueError(str(POINT_SHAPE if no.code == "shape" else COMPLAINTS[no.code])) from no


class OutlineField(TypedField):
    widget = TextArea()
    data: Outline | None

    longest = 4 * LONGEST_TEXT + 1

    def read(self, text: str) -> Outline:
        return _outline(text)


class OutlineFileField(UploadField):
    """A .geojson or .json file; its data is an `Outline`."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        sent = next((value for value in valuelist if getattr(value, "filename", "")), None)
        if sent is not None:
            self.data = _outline(sent.read(4 * LONGEST_TEXT + 1).decode("utf-8-sig", "replace"))


def _outline(text: str) -> Outline:
    try:
        return read_outline(text)
    except NotAPlace as no:
        raise ValueError(str(COMPLAINTS[no.code])) from no
