"""How the screens look: pictures that a person has looked at."""
