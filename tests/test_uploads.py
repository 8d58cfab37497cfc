"""Pictures and documents that people send: what is kept, what is refused, who may see it."""

import io
import struct
import zlib

import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, make_batch
from trace.records import BatchPhoto, Entry, Upload
from trace.work.contacts import change_logo
from trace.work.refused import Refused
from trace.work.uploads import PICTURES, SCANS, keep


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#3a78" if mode == "RGBA" else "#3a7").save(out, kind, **more)
    return out.getvalue()


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def document(pages: int = 1, **more: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(out, **more)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of 60,000 × 60,000 px in a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def kept(session: Session, house: House, data: bytes, name: str = "anh.jpg", kinds: frozenset = PICTURES) -> Upload:
    return keep(session, house.cooperative.id, data, name, kinds, actor=AUDITOR, now=NOON)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_kept_at_most_1600_px_wide(session: Session, house: House, kind: str) -> None:
    upload = kept(session, house, picture(kind, (3200, 1000)))
    with Image.open(io.BytesIO(upload.content)) as image:
        assert image.size == (upload.width_px, upload.height_px) == (1600, 500)
        assert image.format == "JPEG"
    assert upload.size_bytes == len(upload.content)


def test_a_picture_seen_through_stays_so(session: Session, house: House) -> None:
    upload = kept(session, house, picture("PNG", (300, 200), "RGBA"))
    assert upload.media_type == "image/webp"
    with Image.open(io.BytesIO(upload.content)) as image:
        assert image.mode == "RGBA"


def test_a_picture_in_printers_colours_is_kept_in_a_screens(session: Session, house: House) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (60, 60), (0, 255, 255, 0)).save(out, "JPEG")
    with Image.open(io.BytesIO(kept(session, house, out.getvalue()).content)) as image:
        assert image.mode == "RGB"
        red, green, blue = image.getpixel((30, 30))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright(session: Session, house: House) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Maker of cameras"
    exif.get_ifd(0x8825)[2] = (21.0, 39.0, 52.0)
    upload = kept(session, house, picture(size=(400, 200), exif=exif, comment=b"secret words"))
    assert (upload.width_px, upload.height_px) == (200, 400)
    assert b"Maker" not in upload.content
    assert b"secret" not in upload.content
    with Image.open(io.BytesIO(upload.content)) as image:
        assert not image.getexif()


def test_what_hides_behind_a_picture_is_not_kept(session: Session, house: House) -> None:
    upload = kept(session, house, picture() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in upload.content


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "empty"),
        (bomb(), "50 million pixels"),
        (bomb(7_100, 7_100), "50 million pixels"),
        (picture()[:-400], "damaged"),
        (picture("PNG")[:60], "damaged"),
        (b"\xff\xd8\xff\xe0 this is not a picture", "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "none of"),
        (b"<!doctype html><script>alert(1)</script>", "none of"),
        (b"GIF89a<script>", "none of"),
        (moving("WEBP"), "moves"),
        (moving("PNG"), "moves"),
        (document(), "none of"),
        (b"\xff\xd8\xff" + b"\0" * (12 * 1024 * 1024), "13 MB; at most 12 MB"),
    ],
    ids=[
        "empty",
        "bomb",
        "large",
        "cut short",
        "cut PNG",
        "no picture",
        "svg",
        "html",
        "gif",
        "moving WebP",
        "moving PNG",
        "pdf",
        "heavy",
    ],
)
def test_what_is_no_good_picture_is_refused_with_a_sentence(
    session: Session, house: House, data: bytes, complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        kept(session, house, data)


def test_a_pdf_is_kept_byte_for_byte_so_that_a_signature_in_it_stays_whole(session: Session, house: House) -> None:
    data = document()
    upload = kept(session, house, data, "Giấy chứng nhận.pdf", SCANS)
    assert upload.content == data
    assert upload.media_type == "application/pdf"
    assert not upload.is_picture


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"%PDF-1.7 nothing more", "damaged"),
        (document()[: len(document()) // 3], "damaged"),
        (b"GIF89a" + document(), "none of"),
        (document(0), "no pages"),
        (document(401), "more than 400"),
        (document(encryption=pikepdf.Encryption(owner="a", user="b")), "password"),
        (b"%PDF-" + b"\0" * (20 * 1024 * 1024), "21 MB; at most 20 MB"),
    ],
    ids=["not one", "cut short", "another before it", "no page", "pages", "locked", "heavy"],
)
def test_what_is_no_good_pdf_is_refused_with_a_sentence(
    session: Session, house: House, data: bytes, complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        kept(session, house, data, "a.pdf", SCANS)


def test_keeping_appends_one_entry_without_the_files_name(session: Session, house: House) -> None:
    before = session.scalar(select(func.count()).select_from(Entry))
    upload = kept(session, house, picture(), "Nguyễn Văn Mẫu.jpg")
    session.commit()
    [entry] = session.scalars(select(Entry).where(Entry.subject == upload.public_id))
    assert session.scalar(select(func.count()).select_from(Entry)) == (before or 0) + 1
    assert upload.sha256.encode() in entry.body
    assert "Nguyễn".encode() not in entry.body


def test_a_files_name_loses_its_path_and_its_unprintable_signs(session: Session, house: House) -> None:
    upload = kept(session, house, picture(), "C:\\ảnh\\..\\na\x00\u202egpj.exe")
    assert upload.name == "nagpj.exe"


def test_a_file_is_served_so_that_it_can_do_nothing(session: Session, house: House, sign_in) -> None:
    upload = kept(session, house, document(), "giấy.pdf", SCANS)
    session.commit()
    browser: FlaskClient = sign_in(house.member)
    answer = browser.get(f"/uploads/{upload.public_id}")
    assert answer.data == upload.content
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    again = browser.get(f"/uploads/{upload.public_id}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_only_its_cooperative_and_offices_see_a_file(
    session: Session, house: House, other_house: House, staff, sign_in, client: FlaskClient
) -> None:
    upload = kept(session, house, picture())
    session.commit()
    address = f"/uploads/{upload.public_id}"
    seen = {
        "own": sign_in(house.member).get(address).status_code,
        "other": sign_in(other_house.manager).get(address).status_code,
        "auditor": sign_in(staff["auditor"]).get(address).status_code,
        "officer": sign_in(staff["officer"]).get(address).status_code,
        "operator": sign_in(staff["operator"]).get(address).status_code,
        "stranger": client.get(address).status_code,
    }
    assert seen == {"own": 200, "other": 404, "auditor": 200, "officer": 200, "operator": 403, "stranger": 302}


@pytest.mark.parametrize("public_id", ["0" * 12, "%00", "..%2f..%2fetc", "a" * 300, "'--"])
def test_no_such_file_is_404_however_it_is_asked_for(client: FlaskClient, public_id: str) -> None:
    assert client.get(f"/photos/{public_id}").status_code == 404


def test_a_products_photo_is_for_everybody_in_three_sizes_and_without_a_cookie(
    session: Session, house: House, client: FlaskClient
) -> None:
    house.product.photo = kept(session, house, picture(size=(1600, 900)))
    session.commit()
    address = f"/photos/{house.product.photo.public_id}"
    for query, width in (("", 1600), ("?w=800", 800), ("?w=480", 480)):
        answer = client.get(address + query)
        assert Image.open(io.BytesIO(answer.data)).width == width
        assert "max-age" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
    assert client.get(f"{address}?w=481").status_code == 404


def test_a_small_logo_is_not_blown_up(session: Session, house: House, client: FlaskClient) -> None:
    logo = kept(session, house, picture("PNG", (120, 90), "RGBA"))
    change_logo(session, house.cooperative, logo, actor=AUDITOR, now=NOON)
    session.commit()
    answer = client.get(f"/photos/{logo.public_id}?w=480")
    assert (answer.content_type, Image.open(io.BytesIO(answer.data)).width) == ("image/webp", 120)


def test_a_lots_photo_is_shown_to_all_only_once_the_lot_is_handed_in(
    session: Session, house: House, client: FlaskClient
) -> None:
    shown = {}
    for submitted in (False, True):
        batch = make_batch(session, house, submitted=submitted)
        photo = kept(session, house, picture())
        session.add(BatchPhoto(cooperative_id=house.cooperative.id, batch_id=batch.id, upload_id=photo.id))
        session.commit()
        shown[submitted] = client.get(f"/photos/{photo.public_id}").status_code
    assert shown == {False: 404, True: 200}


def test_a_scan_that_nothing_public_shows_is_not_public(session: Session, house: House, client: FlaskClient) -> None:
    scan = kept(session, house, picture(), kinds=SCANS)
    house.certificate.document_id = None
    session.commit()
    assert client.get(f"/photos/{scan.public_id}").status_code == 404


def test_a_pdf_of_30_megabytes_is_answered_with_a_page_that_says_what_to_do(house: House, sign_in) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="document"; filename="a.pdf"\r\n\r\n%PDF-'
    heavy = part + b"\0" * (30 * 1024 * 1024) + b"\r\n--x--\r\n"
    address, content_type = "/my/certificates/new", "multipart/form-data; boundary=x"
    answer = sign_in(house.manager).post(address, data=heavy, content_type=content_type)
    assert answer.status_code == 413
    assert "Tệp quá lớn" in answer.text
