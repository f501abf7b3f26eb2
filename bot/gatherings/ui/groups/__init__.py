"""Opening a gathering and forming its groups."""
