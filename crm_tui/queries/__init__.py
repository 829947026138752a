"""What screens and scripts read: windows of rows, one record whole, timelines. Nothing here writes."""
