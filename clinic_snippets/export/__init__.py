"""The library as files for other programs; nothing here needs Sphinx."""
