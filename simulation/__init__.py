"""A made-up community with Foreman's real history, honest and hostile.

`python -m simulation` writes its uploads; `simulation.community.Community` is the same for programs.
"""
