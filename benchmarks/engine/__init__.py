"""How much the audit engine finds, measured on sets that other people made."""
