"""The live process: server-sent events for readers who have the page open."""
