"""Questions that people ask of a run: where its rows went, how far it is, what became of one row."""
