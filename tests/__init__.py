"""The tests, as a package of their own: some libraries install one of the same name."""
