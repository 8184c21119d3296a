"""Is everything there, and is it what the records say?"""
