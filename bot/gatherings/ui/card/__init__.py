"""The public card of a gathering: joining, wishes, and the end."""
