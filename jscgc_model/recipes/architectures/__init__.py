"""The kinds of systems a recipe can choose, one file each."""
