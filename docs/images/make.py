"""Puts the pictures of the running parts together to one hall: docs/images/hall.png.

    python docs/images/make.py

The parts' own pictures are made by the make.py in each folder.
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).parent
SIZE = (2000, 1320)
WALL, BEZEL = "#e9eef3", "#151c24"

PLACES = (
    # file, left, top, width, bezel, radius
    ("display/board-1080p.png", 70, 60, 1240, 16, 14),
    ("kiosk/portrait-zh-home.png", 1400, 60, 530, 18, 18),
    ("kiosk/slip-80-zh.png", 90, 822, 340, 0, 0),
    ("web/console.png", 530, 822, 780, 12, 12),
    ("display/sign-called.png", 1400, 1096, 530, 10, 8),
)
MARGIN = 22
"""Dots of tray that a slip's picture shows around the paper."""


def shadow(canvas: Image.Image, box: tuple[int, int, int, int], radius: int) -> None:
    """A soft shadow under `box`, as light from above gives."""
    dark = Image.new("L", canvas.size, 0)
    left, top, right, bottom = box
    ImageDraw.Draw(dark).rounded_rectangle((left, top + 14, right, bottom + 14), radius, fill=95)
    canvas.paste("#0b1520", mask=dark.filter(ImageFilter.GaussianBlur(18)))


def put(
    canvas: Image.Image, file: str, left: int, top: int, width: int, bezel: int, radius: int
) -> None:
    picture = Image.open(HERE / file).convert("RGB")
    if "slip" in file:
        picture = picture.crop((MARGIN, MARGIN, picture.width - MARGIN, picture.height - MARGIN))
    height = round(picture.height * width / picture.width)
    picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    box = (left - bezel, top - bezel, left + width + bezel, top + height + bezel)
    shadow(canvas, box, radius)
    if bezel:
        ImageDraw.Draw(canvas).rounded_rectangle(box, radius, fill=BEZEL)
    canvas.paste(picture, (left, top))


def main() -> None:
    canvas = Image.new("RGB", SIZE, WALL)
    for place in PLACES:
        put(canvas, *place)
    canvas.save(HERE / "hall.png", optimize=True)


if __name__ == "__main__":
    main()
