"""The spaCy components: one module each, their order in `pipeline`."""
