"""A real headless Chromium for the tests marked `browser`: Debian's, with its driver.

python tests/review/chromium.py        installs it where apt can (make browser)
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from selenium import webdriver

PACKAGES = ("chromium", "chromium-driver")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WINDOW = (1500, 1000)
MISSING = f"Chromium or its driver is missing: run make browser, or install {' and '.join(PACKAGES)}"


def found() -> tuple[str, str] | None:
    """Returns the paths of a browser and its driver; None where one is missing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def install() -> None:
    """Installs both where this is a Debian system, and we may; elsewhere says what to do."""
    if found():
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and shutil.which((root or ["sh"])[0]):
        print(f"Installing {' and '.join(PACKAGES)} ...", file=sys.stderr)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
            subprocess.run([*root, "apt-get", *command], env=environment, stdout=sys.stderr, check=False)
    if not found():
        print(MISSING, file=sys.stderr)


@contextlib.contextmanager
def browsing() -> Iterator[webdriver.Chrome]:
    """Yields a driven browser, with a fresh profile."""
    paths = found()
    assert paths is not None, MISSING
    browser, driver = paths
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    width, height = WINDOW
    # Root, as in most containers, has no sandbox; their /dev/shm is small.
    for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu", "lang=en"):
        options.add_argument(f"--{argument}")
    options.add_argument(f"--window-size={width},{height}")
    # Nothing but the server under test is asked.
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    options.set_capability("goog:loggingPrefs", {"browser": "SEVERE"})
    chrome = webdriver.Chrome(options, webdriver.ChromeService(driver))
    try:
        yield chrome
    finally:
        chrome.quit()


if __name__ == "__main__":
    install()
