"""Papers by post: scanned in by the barcode of their cover sheet, and put on file."""
