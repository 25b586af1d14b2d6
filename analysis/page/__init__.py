"""What report pages are made of: escaped HTML, figures, tables, a page for each kind of study."""
