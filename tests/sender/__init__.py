"""The sender, seen from outside: a program that is run by some Python, a Foreman that it reads, a receiver."""
