"""The rules of notes, sheets and feedback."""
