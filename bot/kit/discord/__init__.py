"""Cards, actions, forms and answers: how the bot talks to people in Discord."""
