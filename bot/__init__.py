"""dojo-bot: questions, timed rounds and peer observations for coaches who practise together."""

__version__ = "0.1.0"
