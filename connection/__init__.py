"""What a client may do on a connection before its request is answered: the same for every server of the project."""
