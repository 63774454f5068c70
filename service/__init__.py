"""Flask API, domain and storage of Parley; never imports workers."""
