"""Measuring scorers on labelled text: `./parley models eval`."""
