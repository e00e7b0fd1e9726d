"""What the commands do; :mod:`whytwitch.cli` declares them.

Each module is imported by its command alone, so that help is shown before NumPy is loaded.
"""
