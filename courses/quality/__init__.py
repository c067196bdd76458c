"""The quality of training: what was answered about a class (`feedback`), what inspections found (`inspections`)."""
