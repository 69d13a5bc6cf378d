"""Sheets per second, time and memory per scan, and how many noisy scans are read: `make bench-documents`.

`python -m tests.benchmark.documents --sheets 200 --scans 200`; times are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable

import pypdfium2
from PIL import ImageDraw

from activities.documents.typesetting import Typesetter
from activities.scans.scan_reader import read_page
from models.values.vocabulary import Language
from tests.activities.test_press import PRINTED
from tests.activities.test_scanning import HASH, NUMBER, SHEET, TEMPLATES, faxed

SHEET_MUST, SCAN_MUST = 0.3, 1.0
"""CPU seconds that a sheet and a one-page scan may take at most."""


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process that the work took."""
    before = time.process_time()
    work()
    return time.process_time() - before


def memory() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(name: str, seconds: list[float]) -> str:
    """Median, worst, and how many a second."""
    middle = statistics.median(seconds)
    return f"{name:<34} {middle * 1000:7.1f} {max(seconds) * 1000:7.1f} {1 / middle:8.1f} {memory():8.0f}"


def main() -> int:
    """0 where sheets and scans keep their limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=100)
    parser.add_argument("--scans", type=int, default=200)
    asked = parser.parse_args()
    say = sys.stdout.write
    say(f"{'':<34} {'ms':>7} {'worst':>7} {'a second':>8} {'MB':>8}\n")
    typesetter = Typesetter(TEMPLATES, Language.ZH)
    cold = timed(lambda: typesetter.set(SHEET.paper, SHEET.content or {}))
    say(line("first sheet (fonts are loaded)", [cold]) + "\n")
    contents = [{**(SHEET.content or {}), "words": str(n), "phone": str(n)} for n in range(asked.sheets)]
    sheets = [timed(lambda content=content: typesetter.set(SHEET.paper, content)) for content in contents]  # type: ignore[misc]
    say(line("confirmation sheet", sheets) + "\n")
    for printed in PRINTED:
        if printed is not SHEET:
            times = [timed(lambda p=printed: typesetter.set(p.paper, p.content or {})) for _ in range(5)]  # type: ignore[misc]
            say(line(printed.paper.value, times) + "\n")
    pdf = typesetter.set(SHEET.paper, SHEET.content or {})
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].render(scale=204 / 72).to_pil().convert("L")
    torn = page.copy()
    ImageDraw.Draw(torn).rectangle((page.width - 400, 0, page.width, 420), fill=255)
    times, rows = [], []
    for name, sheet in (("whole", page), ("QR code torn off, bars only", torn)):
        read, all_of = defaultdict[str, int](int), defaultdict[str, int](int)
        for seed in range(asked.scans):
            scan = faxed(sheet, seed)
            before = time.process_time()
            found = read_page(scan)[0]
            times.append(time.process_time() - before)
            kind = f"204×{scan.info['dpi'][1]}"
            all_of[kind] += 1
            read[kind] += (found.order, found.version, found.content_hash) == (NUMBER, 1, HASH)
        rows += [f"  {name:<30} {kind:<10} {read[kind]:4} of {all_of[kind]}\n" for kind in sorted(all_of)]
    say(line("one scanned page", times) + "\n\nread\n" + "".join(rows))
    good = statistics.median(sheets) < SHEET_MUST and max(times) < SCAN_MUST
    say(f"\nlimits: sheet {SHEET_MUST} s, scan {SCAN_MUST} s: {'kept' if good else 'NOT KEPT'}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
