"""Measuring speed on this machine: `./parley bench`."""
