"""Where weights come from: how a recipe names them, a folder that was filled before, the Hub."""
