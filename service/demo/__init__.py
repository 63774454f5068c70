"""The demonstration: an invented paper, its articles, and a conversation that shows every state."""
