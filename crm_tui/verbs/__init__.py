"""What the verbs of the command line do, one module per group of them; ``cli`` imports the one that was asked for."""
