"""What changes data: plain functions, one module per part of the business, no user interface."""
