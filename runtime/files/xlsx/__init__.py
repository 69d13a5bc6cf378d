"""XLSX: what a workbook holds, looked through before any of it is kept."""
