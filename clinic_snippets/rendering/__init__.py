"""From blocks to HTML, docutils nodes and the terminal."""
