"""Documents as text: their sections, what stands in each, how they are written, compared and given away."""
