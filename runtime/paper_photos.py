"""Photos of papers that a phone took: what their codes say, and the photo itself, kept under its digest (R78)."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from activities.scans.scan_folder import DIGEST_SIGNS, LARGEST_BYTES, put_scan
from activities.scans.scan_reader import texts_in
from models.documents.paper_codes import PaperCode, read_code
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings

MOST_BYTES = 20_000_000
_HEADS = (
    (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"), (b"II*\0", ".tif"), (b"MM\0*", ".tif"), (b"%PDF-", ".pdf"),
)  # fmt: skip
_EMPTY = Words("没有收到照片", "there is no photo")
_OF_ANOTHER = Words(
    "这是订单 {other} 的单据，不是 {number} 的", "this paper is order {other}'s, not {number}'s"
)
_TOO_LARGE = Words("照片过大，最多 20 MB", "the photo is too large; 20 MB at most")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that was looked at: how it is called once it is kept, and the papers whose codes are on it."""

    document: str
    codes: tuple[PaperCode, ...]


def _ending_of(content: bytes) -> str:
    """What such a file is called, by how it begins: never by what its sender says."""
    known = next((ending for head, ending in _HEADS if content.startswith(head)), "")
    if known:
        return known
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return ".avif" if content[4:12] == b"ftypavif" else ".heic"


def look_at(content: bytes) -> tuple[PaperCode, ...]:
    """The papers of ours that a photo shows. Raises Refusal(malformed_file) for what is no picture, or too large."""
    if not content:
        raise Refusal(Code.MALFORMED_FILE, _EMPTY, where="photo")
    if len(content) > min(MOST_BYTES, LARGEST_BYTES):
        raise Refusal(Code.MALFORMED_FILE, _TOO_LARGE, where="photo")
    with tempfile.TemporaryDirectory(prefix="dingdan-photo-") as folder:
        file = Path(folder) / f"photo{_ending_of(content)}"
        file.write_bytes(content)
        read = [read_code(text) for text in texts_in(file)]
    return tuple(code for code in read if code is not None)


def keep(settings: Settings, content: bytes, order: str) -> Photo:
    """Look at a photo and keep it beside the scans, where who sees every order can open it; the same one again is the same.

    Raises Refusal(malformed_file) as `look_at`, and where it shows the paper of another order and none of this one.
    """
    codes = look_at(content)
    if codes and all(code.order != order for code in codes):
        raise Refusal(
            Code.MALFORMED_FILE, _OF_ANOTHER.filled(other=codes[0].order, number=order), where="photo"
        )
    digest = hashlib.sha256(content).hexdigest()[:DIGEST_SIGNS]
    put_scan(settings.scans / "read", f"{digest}{_ending_of(content)}", content)
    return Photo(f"{digest}/1", codes)
