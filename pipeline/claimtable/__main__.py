"""`python -m claimtable` is the command `claimtable`."""

from claimtable.cli import main

if __name__ == "__main__":
    main()
