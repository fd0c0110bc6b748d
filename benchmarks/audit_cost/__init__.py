"""What an audit costs, against a bare Playwright and axe-core script. `python -m benchmarks.audit_cost` runs it."""
