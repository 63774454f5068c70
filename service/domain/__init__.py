"""Pure rules of Parley: standard library only, no I/O."""
