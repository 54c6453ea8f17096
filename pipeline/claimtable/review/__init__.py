"""Review by people: claims go to Label Studio as pre-annotated tasks and come back as reviews."""
