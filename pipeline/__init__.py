"""How a run is described, planned, carried out on Ray, and resumed."""
