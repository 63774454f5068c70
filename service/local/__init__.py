"""One machine, one command: the real servers from pip wheels, and a supervisor for all parts."""
