"""Cards, actions, forms and answers: how the bot speaks with people in Discord."""
