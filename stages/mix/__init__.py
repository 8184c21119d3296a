"""Mix: the kinds of rows in the shares that the recipe asks for."""
