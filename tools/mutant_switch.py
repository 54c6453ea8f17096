"""Says in a changed copy which of its changes is in force; `tools/mutants.py` puts it into the package."""

import builtins
import os


class Switch:
    """The changes of the copy that were passed, and the number of the one in force."""

    def __init__(self) -> None:
        self.number = int(os.environ.get("CLAIMTABLE_CHANGE", "-1"))
        self.seen: set[int] = set()
        self.process = os.getpid()
        self.hits = os.environ.get("CLAIMTABLE_HITS")

    def changed(self, number: int) -> bool:
        """Return whether this change is in force."""
        if self.hits and number not in self.seen:
            self.seen.add(number)
            with open(self.hits, "a", encoding="utf-8") as file:  # noqa: PTH123
                file.write(f"{number}\n")
        return number == self.number


builtins.__changed__ = Switch().changed  # type: ignore[attr-defined]
