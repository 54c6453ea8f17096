"""Most memory of `claimtable ingest`, by size of its input: it reads a web archive or JSON lines without ever holding them.

    python benchmarks/streaming.py [--mb 2 250] [--formats warc jsonl]

The files are generated. What fills them is passed over (images in the archive; lines without a text), with the same twenty
short articles between, so that the larger file takes longer to read, and no more memory. Each ingest is a process of its
own. Exits with 1 when the largest file takes 10 % more memory than the smallest.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from memory import peak_megabytes

ARTICLES = 20
MOST_GROWTH = 1.1
PAGE = (
    "<html><head><title>Exports of week {0}</title></head><body><article><h1>Exports of week {0}</h1><p>Exports rose to "
    "${0} million in 2014, the ministry said on Monday. It expects more than that to be sold abroad in the next year, and "
    "prices to stay where they are.</p></article></body></html>"
)
FILLING = 200_000
"""Bytes of what is passed over at a time."""


def write_warc(file: BinaryIO, size: int) -> None:
    """Write an archive of about `size` bytes."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(file, gzip=True)
    chance = random.Random(1)
    for article in _spread(file, size):
        kind, data = (
            ("image/png", chance.randbytes(FILLING))
            if article is None
            else ("text/html", PAGE.format(article).encode())
        )
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.0")
        record = writer.create_warc_record(
            f"https://example.org/{file.tell()}", "response", payload=BytesIO(data), http_headers=headers
        )
        writer.write_record(record)


def write_jsonl(file: BinaryIO, size: int) -> None:
    """Write JSON lines of about `size` bytes."""
    for article in _spread(file, size):
        text = f"Exports rose to ${article} million in 2014, the ministry said. They will fall by 2020."
        data: dict[str, object] = {"filling": "x" * FILLING} if article is None else {"text": text}
        file.write(json.dumps(data).encode() + b"\n")


def _spread(file: BinaryIO, size: int) -> Iterator[int | None]:
    """Yield what is to be written next: an article, by its number, or None for filling; the articles are spread evenly."""
    for article in range(1, ARTICLES + 1):
        yield article
        while file.tell() < size * article / ARTICLES:
            yield None


WRITERS = {"warc": (write_warc, ".warc.gz"), "jsonl": (write_jsonl, ".jsonl")}


def measure(path: Path, folder: Path) -> tuple[float, float]:
    """Return seconds and most memory in MB of an ingest."""
    command = [sys.executable, "-c", "from claimtable.cli import main; main()", "ingest", str(path), "--fast"]
    begun = time.monotonic()
    process = subprocess.Popen(
        [*command, "--db", str(folder / f"{path.name}.db")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = b""
    for line in process.stderr:
        said = line
        if b"extracted" in line and b"20 documents" not in line:
            sys.exit(f"{path}: {line.decode()}")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{path}: {said.decode()}")
    return time.monotonic() - begun, peak_megabytes(usage)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=int, nargs="+", default=[2, 250])
    parser.add_argument("--formats", nargs="+", choices=WRITERS, default=list(WRITERS))
    options = parser.parse_args()
    print(f"{'format':8} {'file MB':>8} {'seconds':>8} {'most MB':>8}")
    grown = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for format_ in options.formats:
            write, ending = WRITERS[format_]
            most = []
            for size in sorted(options.mb):
                path = folder / f"a{size}{ending}"
                with path.open("wb") as file:
                    write(file, size * 1_000_000)
                seconds, memory = measure(path, folder)
                most.append(memory)
                print(
                    f"{format_:8} {path.stat().st_size / 1e6:8.0f} {seconds:8.1f} {memory:8.0f}", flush=True
                )
                path.unlink()
            if most[-1] > most[0] * MOST_GROWTH:
                grown.append(format_)
    if grown:
        sys.exit(f"memory grows with the input: {', '.join(grown)}")


if __name__ == "__main__":
    main()
