"""Tools that are compared, one file each: a program that takes a folder, works on its rows.parquet (`question`,
`answer`) and prints what it kept and how long each step took, as JSON.

Each runs in a process of its own, on one core and with one thread, perhaps by another interpreter: so none of them
imports the project but `ours`.
"""
