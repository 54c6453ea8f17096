"""The same extraction over many processes or a Ray cluster: files in, a folder of Parquet files out.

`partitions` cuts the inputs into parts, `worker` extracts from one part and writes what comes of it, `folder` knows which
parts are done, and the engines, `local` and `cluster`, hand parts to workers. No row passes through the process that
leads: it sends out parts, and gets their numbers back.
"""

from claimtable.scale.job import Engine, Totals, run
from claimtable.scale.worker import Settings

__all__ = ["Engine", "Settings", "Totals", "run"]
