"""Questions in Discord."""
