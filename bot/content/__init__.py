"""Content files: TOML in, domain objects out, with every fault named by file and key at once."""
