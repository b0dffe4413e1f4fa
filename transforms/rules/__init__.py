"""What the operator sets aside, and what stands out."""
