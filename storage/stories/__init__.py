"""How reports and stories are stored, found again and merged."""
