"""The book on paper: one page made by Sphinx, arranged, paginated and printed by a browser."""
