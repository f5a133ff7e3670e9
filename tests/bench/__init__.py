"""What a table of records costs, against other ways to put the same table in a Sphinx page; see ``__main__``."""
