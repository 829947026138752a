"""The numbers a business is run by: what each means, how it is found, and which records it counts."""
