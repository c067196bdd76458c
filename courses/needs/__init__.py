"""What people need: computed from the verdicts (computed), and asked of the districts (campaigns)."""
