"""What a prompt asks for, and what it speaks of: read sentence by sentence."""
