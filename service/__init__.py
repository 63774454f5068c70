"""Flask API, domain and storage of Parley; never imports workers."""

__version__ = "0.1.0"
