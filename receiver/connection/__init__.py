"""What a client may do on a connection before its request comes to an answer."""
