"""Drawn signatures: small PNG pictures, measured before they are unpacked and written anew before they are kept (R31)."""

from __future__ import annotations

import base64
import binascii
import io
import struct
import zlib

from PIL import Image, UnidentifiedImageError

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

PNG = ".png"
MOST_BYTES = 40_000
MOST_WIDTH, MOST_HEIGHT = 1200, 600
"""Pixels."""
_PREFIX = "data:image/png;base64,"
_UNREADABLE = (
    UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, OSError, ValueError, EOFError, struct.error,
    zlib.error,
)  # fmt: skip
_NO_DRAWING = Words("手写签名不是可读的 PNG 图片", "the drawn signature is no readable PNG picture")
_TOO_LARGE = Words(
    "手写签名过大，最多 {bytes} 字节、{width}×{height} 像素",
    "the drawn signature is too large; at most {bytes} bytes and {width}×{height} pixels",
)


def read_drawing(sent: str) -> bytes | None:
    """The picture that a page sent as `data:image/png;base64,…`, written anew; None where nothing was drawn.

    Raises Refusal(malformed_file) for anything else, and for a picture that is too large.
    """
    if not sent.strip():
        return None
    if not sent.startswith(_PREFIX):
        raise _refused(_NO_DRAWING)
    if len(sent) > len(_PREFIX) + MOST_BYTES * 4 // 3 + 4:
        raise _refused(_TOO_LARGE)
    try:
        content = base64.b64decode(sent.removeprefix(_PREFIX), validate=True)
        with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
            # the size stands in the head of the file: nothing is unpacked before it is known
            if opened.width > MOST_WIDTH or opened.height > MOST_HEIGHT:
                raise _refused(_TOO_LARGE)
            drawn = _on_white(opened)
    except binascii.Error:
        raise _refused(_NO_DRAWING) from None
    except _UNREADABLE:
        raise _refused(_NO_DRAWING) from None
    darkest, lightest = drawn.getextrema()
    if darkest == lightest:
        return None
    written = io.BytesIO()
    drawn.save(written, "PNG", optimize=True)
    return written.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Dark lines on white, whatever was transparent: a picture that is black on nothing would be shown as all black."""
    coloured = picture.convert("RGBA")
    white = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(white, coloured).convert("L")


def _refused(words: Words) -> Refusal:
    filled = words.filled(bytes=MOST_BYTES, width=MOST_WIDTH, height=MOST_HEIGHT)
    return Refusal(Code.MALFORMED_FILE, filled, where="drawing")
