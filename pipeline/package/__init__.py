"""Say instructions aloud, at scale: text-instruction datasets become checked speech-token datasets."""
