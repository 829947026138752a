"""The parts of ``RecordForm``: what its fields hold, where they stand, how they look, what they are edited with."""
