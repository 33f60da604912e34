"""The casework system on top of the engine: Django apps of domain, and the pages above them."""
