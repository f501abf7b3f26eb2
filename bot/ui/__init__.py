"""Domain objects become cards, clicks become calls to services. No rules and no SQL here.

Nearly every word that people in Discord read stands in this package or in `content/`. Descriptions
of commands stand with the commands in `cogs/`, faults of a content file with its checks, and the
notes in an exported file with the export in `bot.services.privacy`.
"""
