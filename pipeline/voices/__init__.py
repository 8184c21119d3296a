"""Banks of voices, and how a recording becomes one of them."""
