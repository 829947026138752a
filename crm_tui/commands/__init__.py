"""What a person can do: the registry, the keys, and the commands, one module per part of the business."""
