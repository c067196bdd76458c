"""The rates by any two groupings: tables, two of them side by side, and who moved between their cells."""
