"""Decode a stranger's file where it can hurt nobody: a process of its own with little memory and little time.

Run as a script (`python -I`), so it imports nothing of ours. Reads the file from standard input; writes one line of
JSON and, for a picture, the bytes of the new one. Its arguments: "picture", "document" or
"symbols" (read the QR symbols in a picture), and the longest side in px.
"""

import io
import json
import resource
import sys

MOST_MEMORY = 900 * 1024 * 1024
MOST_CPU_SECONDS = 15
MOST_PIXELS = 50_000_000
MOST_PAGES = 400


class No(Exception):  # noqa: N818 - an answer
    pass


def confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def redraw(data: bytes, longest: int) -> tuple[dict[str, object], bytes]:
    """A picture drawn anew: upright, at most `longest` px, without anything its maker's camera wrote into it."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # our own cap is lower, and said in our own words
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise No("pixels")
            if opened.format in ("PNG", "WEBP") and getattr(opened, "n_frames", 1) > 1:
                raise No("moves")
            opened.draft("RGB", (longest, longest))
            image = ImageOps.exif_transpose(opened)
            image.thumbnail((longest, longest))
            return save(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as broken:
        raise No("broken") from broken


def save(image: object) -> tuple[dict[str, object], bytes]:
    out = io.BytesIO()
    seen_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info  # type: ignore[attr-defined]
    drawn = image.convert("RGBA" if seen_through else "RGB")  # type: ignore[attr-defined]
    drawn.info.clear()
    if seen_through:
        drawn.save(out, "WEBP", quality=85)
    else:
        drawn.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    media_type = "image/webp" if seen_through else "image/jpeg"
    return {"media_type": media_type, "width_px": drawn.width, "height_px": drawn.height}, out.getvalue()


def look_through(data: bytes) -> tuple[dict[str, object], bytes]:
    """A PDF that opens and has pages. Its bytes stay as they are: a signature in it must stay whole."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            pages = len(document.pages)
    except pikepdf.PasswordError as locked:
        raise No("locked") from locked
    except (pikepdf.PdfError, ValueError, RuntimeError) as broken:
        raise No("broken") from broken
    if not 1 <= pages <= MOST_PAGES:
        raise No("pages")
    return {"media_type": "application/pdf"}, b""


def read_symbols(data: bytes, longest: int) -> tuple[dict[str, object], bytes]:
    """What the QR symbols in a picture say, each once."""
    import zxingcpp
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise No("pixels")
            opened.draft("L", (longest, longest))
            image = ImageOps.exif_transpose(opened).convert("L")
            image.thumbnail((longest, longest))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as broken:
        raise No("broken") from broken
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCodeModel2)  # type: ignore[arg-type]
    return {"symbols": list(dict.fromkeys(one.text for one in found if one.valid))}, b""


DEEDS = {"picture": redraw, "symbols": read_symbols}


def main() -> None:
    confine()
    kind, longest = sys.argv[1], int(sys.argv[2])
    data = sys.stdin.buffer.read()
    try:
        facts, drawn = DEEDS[kind](data, longest) if kind in DEEDS else look_through(data)
    except No as no:
        facts, drawn = {"no": str(no)}, b""
    except (MemoryError, RecursionError):
        facts, drawn = {"no": "pixels" if kind in DEEDS else "broken"}, b""
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + drawn)


if __name__ == "__main__":
    main()
