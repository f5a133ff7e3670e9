"""What happens around a build: every release and the current tree as one site, and the handbook on Read the Docs."""
