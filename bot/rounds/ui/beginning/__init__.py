"""How a round is proposed and begins."""
