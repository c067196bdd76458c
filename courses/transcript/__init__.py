"""The training of one person over all steps: one page, no rules of its own."""
