"""What a client may do on a connection before its request is answered."""
