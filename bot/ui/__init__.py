"""Domain objects become cards, clicks become calls to services. No rules and no SQL here.

Every word that people in Discord read stands in this package (or in `content/`), so that it can
be translated in one sweep. Descriptions of commands stand with the commands in `cogs/`.
"""
