"""Pictures of the demonstration's fruit and tea, drawn here so that they need nobody's permission."""

import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 960, 720
DETAIL = 2
"""Drawn this much larger, then shrunk: smooth edges."""
Colour = tuple[int, int, int]
Canvas = ImageDraw.ImageDraw
Spot = tuple[float, float]


def picture_of(product: str) -> bytes:
    """A JPEG of 960 × 720 pixels for a product's key: na, hong, che or quyt."""
    paint, sky, table = _PICTURES[product]
    image = _stage(sky, table)
    paint(ImageDraw.Draw(image))
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue()


def _stage(sky: Colour, table: Colour) -> Image.Image:
    """Hills in the morning, and a table in front."""
    width, height = WIDTH * DETAIL, HEIGHT * DETAIL
    image = Image.new("RGB", (width, height), sky)
    draw = ImageDraw.Draw(image)
    for depth in range(3):
        top = height * (0.34 + 0.09 * depth)
        hill = [
            (x, top + 60 * math.sin(x / (170 + 60 * depth) + depth * 2) + 30 * math.sin(x / 67 + depth))
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([*hill, (width, height), (0, height)], fill=_mix(sky, (70, 120, 92), 0.22 + 0.2 * depth))
    image = image.filter(ImageFilter.GaussianBlur(7))
    ImageDraw.Draw(image).rectangle((0, int(height * 0.72), width, height), fill=table)
    return image


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _ball(draw: Canvas, middle: Spot, radius: float, colour: Colour, flat: float = 1.0) -> None:
    """A round thing lit from the upper left."""
    x, y = middle
    shadow = _mix(colour, (40, 34, 26), 0.72)
    draw.ellipse(
        (x - radius * 1.02, y + radius * flat * 0.78, x + radius * 1.18, y + radius * flat * 1.12), fill=shadow
    )
    steps = 42
    for step in range(steps):
        share = step / steps
        size = radius * (1 - share)
        shade = _mix(_mix(colour, (30, 24, 10), 0.32), _mix(colour, (255, 255, 240), 0.42), share)
        dx, dy = -radius * 0.26 * share, -radius * flat * 0.3 * share
        draw.ellipse((x + dx - size, y + dy - size * flat, x + dx + size, y + dy + size * flat), fill=shade)


def _leaf(draw: Canvas, foot: Spot, length: float, angle: float, colour: Colour) -> None:
    """A pointed leaf with its vein."""
    x, y = foot
    across, along = math.cos(angle), math.sin(angle)
    outline = []
    for side in (1, -1):
        half = []
        for step in range(13):
            t = step / 12
            wide = side * math.sin(math.pi * t) * length * 0.2 * (1 - 0.3 * t)
            half.append((x + across * t * length - along * wide, y + along * t * length + across * wide))
        outline += half if side == 1 else half[::-1]
    draw.polygon(outline, fill=colour)
    tip = (x + across * length, y + along * length)
    draw.line((x, y, *tip), fill=_mix(colour, (240, 250, 210), 0.4), width=max(3, int(length / 60)))


def _custard_apples(draw: Canvas) -> None:
    for x, y, radius in ((1310, 900, 255), (610, 905, 262), (960, 985, 288)):
        colour = (142, 172, 92)
        _ball(draw, (x, y), radius, colour, 0.94)
        for ring in range(1, 9):
            for knob in range(ring * 6):
                angle = 2 * math.pi * knob / (ring * 6) + ring * 0.5
                bend = math.sin(ring / 8 * math.pi / 2)
                kx, ky = x + math.cos(angle) * radius * 0.93 * bend, y + math.sin(angle) * radius * 0.87 * bend
                size = radius * 0.125 * (1.12 - 0.5 * bend)
                light = 0.5 - 0.3 * (math.cos(angle - math.pi * 1.25) * -bend)
                rim = _mix(colour, (60, 84, 40), 0.5)
                draw.ellipse((kx - size, ky - size, kx + size, ky + size), fill=rim)
                inner = size * 0.8
                lit = _mix(colour, (236, 240, 190), max(0.05, min(0.75, light)))
                draw.ellipse((kx - inner, ky - inner * 1.05, kx + inner * 0.9, ky + inner * 0.8), fill=lit)
    _leaf(draw, (960, 700), 330, -0.5, (84, 128, 62))
    _leaf(draw, (940, 705), 290, -2.5, (98, 142, 70))


def _persimmons(draw: Canvas) -> None:
    for x, y, radius in ((560, 940, 230), (1360, 940, 230), (960, 860, 240), (770, 1060, 236), (1180, 1060, 240)):
        _ball(draw, (x, y), radius, (233, 132, 40), 0.84)
        for turn in range(4):
            _leaf(draw, (x, y - radius * 0.62), radius * 0.5, 0.4 + turn * math.pi / 2, (120, 142, 66))
        draw.ellipse((x - 16, y - radius * 0.62 - 14, x + 16, y - radius * 0.62 + 14), fill=(92, 84, 44))


def _tea(draw: Canvas) -> None:
    for x, y, size in ((420, 1120, 1.0), (1500, 1120, 1.0)):
        for angle in (-2.3, -1.57, -0.85):
            _leaf(draw, (x, y), 330 * size, angle, _mix((96, 152, 70), (60, 104, 48), abs(angle + 1.57)))
    _ball(draw, (960, 1080), 330, (238, 240, 232), 0.62)
    draw.ellipse((640, 850, 1280, 1040), fill=(250, 250, 244))
    draw.ellipse((668, 866, 1252, 1026), fill=(196, 190, 92))
    draw.ellipse((700, 884, 1220, 1010), fill=(212, 206, 110))
    for angle in (-2.6, -1.57, -0.5):
        _leaf(draw, (960, 955), 190, angle, (92, 140, 66))
    seeds = random.Random(7)  # noqa: S311 - where tea leaves fall is no secret
    for _ in range(90):
        spot = seeds.uniform(250, 1670), seeds.uniform(1230, 1390)
        length, angle = seeds.uniform(40, 80), seeds.uniform(0, 6.3)
        _leaf(draw, spot, length, angle, _mix((70, 88, 50), (120, 128, 78), seeds.random()))


def _mandarins(draw: Canvas) -> None:
    seeds = random.Random(3)  # noqa: S311 - the pores of a peel are no secret
    for x, y, radius in ((520, 980, 215), (1400, 980, 215), (960, 800, 225), (740, 1010, 225), (1180, 1010, 228)):
        _ball(draw, (x, y), radius, (246, 164, 34), 0.9)
        for _ in range(120):
            angle, far = seeds.uniform(0, 2 * math.pi), radius * math.sqrt(seeds.random()) * 0.92
            px, py = x + math.cos(angle) * far, y + math.sin(angle) * far * 0.9
            draw.ellipse((px - 3, py - 3, px + 3, py + 3), fill=(226, 142, 26))
        draw.ellipse((x - 12, y - radius * 0.74 - 10, x + 12, y - radius * 0.74 + 10), fill=(96, 120, 50))
    for x, y, angle in ((960, 635, -0.4), (955, 640, -2.6), (520, 820, -2.2), (1400, 820, -0.8)):
        _leaf(draw, (x, y), 270, angle, (72, 122, 60))


_PICTURES = {
    "na": (_custard_apples, (226, 236, 226), (203, 178, 142)),
    "hong": (_persimmons, (240, 232, 216), (150, 112, 82)),
    "che": (_tea, (222, 236, 232), (188, 160, 126)),
    "quyt": (_mandarins, (236, 236, 220), (168, 132, 98)),
}
