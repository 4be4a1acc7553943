"""How the shipped models and problem sets were made; nothing here runs when the product runs."""
