"""Puts the trained pipelines of `models/` and the labelling configuration into the wheel, below `claimtable`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("en_claimtable", "en_claimtable_fast")


class ShippedModels(BuildHookInterface):
    """Includes each pipeline that is there, and refuses to build a wheel without any."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders; an editable install finds them in the checkout."""
        if version == "editable":
            return
        found = [name for name in SHIPPED if (Path(self.root) / "models" / name / "config.cfg").is_file()]
        if not found:
            raise FileNotFoundError("no trained pipeline in models/: train one as models/README.md says")
        for name in found:
            build_data["force_include"][f"models/{name}"] = f"claimtable/_models/{name}"
        for config in ("labelling_config.xml", "labelling_config_claim.xml"):
            build_data["force_include"][f"annotations/{config}"] = f"claimtable/_review/{config}"
