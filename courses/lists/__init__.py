"""Lists of a class that come in as workbooks: read and matched (reading), then written like what a page is told."""
