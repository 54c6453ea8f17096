"""Tables and files that leave claimtable."""
