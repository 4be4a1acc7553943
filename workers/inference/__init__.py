"""What engines and scorers share; it holds no model and imports torch only inside functions."""
