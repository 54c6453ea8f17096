"""`claimtable serve` under load: many clients at once on this machine, latency percentiles, no error.

    python benchmarks/serve_load.py [--clients 50] [--seconds 60] [--fast]

Starts a server of its own on 127.0.0.1. Each client asks for one prediction after the other; a paragraph of the sample
corpus is a task. Any answer but a prediction is an error, 429 among them. In the end the server is told to stop while
clients are still asking: what it has taken on it must answer, and exit with 0. Exits with 1 when there was an error.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIMEOUT = 100
"""Seconds that Label Studio waits for an answer."""


def paragraphs() -> list[str]:
    """Return what is asked: the longer paragraphs of the corpus."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus").glob("*.txt")))
    return [part for text in texts for part in text.split("\n\n") if 200 < len(part) < 2000]


class Client(threading.Thread):
    """Asks again and again, and keeps how long each answer took and what went wrong."""

    def __init__(self, port: int, texts: list[str], until: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.texts = texts
        self.until = until
        self.seconds: list[float] = []
        self.errors: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        number = 0
        while not self.until.is_set():
            text = self.texts[number % len(self.texts)]
            number += 1
            body = json.dumps({"tasks": [{"id": number, "data": {"text": text}}]})
            begun = time.perf_counter()
            try:
                connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                data = answer.read()
            except (OSError, http.client.HTTPException) as error:
                if not self.until.is_set():
                    self.errors.append(f"{type(error).__name__}: {error}")
                    connection.close()
                continue
            if answer.status != 200 or not json.loads(data)["results"][0]:
                self.errors.append(f"{answer.status}: {data[:100]!r}")
            self.seconds.append(time.perf_counter() - begun)


def stop(process: subprocess.Popen[str], port: int, texts: list[str]) -> list[str]:
    """Tell the server to stop while it works; return what was wrong with that."""
    wrong: list[str] = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    body = json.dumps({"tasks": [{"id": k, "data": {"text": text}} for k, text in enumerate(texts * 2)]})
    connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    try:
        answer = connection.getresponse()
        if answer.status != 200 or len(json.loads(answer.read())["results"]) != 2 * len(texts):
            wrong.append(f"the request at hand was answered with {answer.status}")
    except (OSError, http.client.HTTPException) as error:
        wrong.append(f"the request at hand was cut off ({error})")
    try:
        code = process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        return [*wrong, "it did not stop within 60 s"]
    return [*wrong, f"it exited with {code}"] if code else wrong


def main() -> int:
    """Print the figures and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args()
    texts = paragraphs()
    command = [sys.executable, "-m", "claimtable", "serve", "--port", "0", *(["--fast"] * options.fast)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "CLAIMTABLE_SERVE_TOKEN": ""},
        )
        assert process.stderr is not None
        listening = re.search(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline())
        assert listening is not None, process.stderr.read()
        port = int(listening[1])
        until = threading.Event()
        clients = [Client(port, texts[k % 7 :], until) for k in range(options.clients)]
        for client in clients:
            client.start()
        time.sleep(options.seconds)
        until.set()
        for client in clients:
            client.join(TIMEOUT)
        errors = [error for client in clients for error in client.errors]
        errors += stop(process, port, texts[:10])
        # What the server said but for "stopped".
        errors += [line for line in process.stderr.read().splitlines() if not line.endswith("stopped")]
    seconds = sorted(second for client in clients for second in client.seconds)
    print(f"{options.clients} clients, {options.seconds:g} s: {len(seconds):,} answers, {len(errors)} errors")
    if len(seconds) > 1:
        shares = statistics.quantiles(seconds, n=100, method="inclusive")
        for share in (50, 90, 95, 99):
            print(f"p{share:<4} {shares[share - 1]:8.3f} s")
        print(f"max   {seconds[-1]:8.3f} s, {len(seconds) / options.seconds:.1f} answers a second")
    for error in errors[:10]:
        print(error)
    return 1 if errors or not seconds else 0


if __name__ == "__main__":
    sys.exit(main())
