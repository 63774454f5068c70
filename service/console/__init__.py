"""The moderators' console: a page and its files. Everything it does goes over the public API."""
