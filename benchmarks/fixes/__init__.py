"""How much of what an audit finds a fix pack mends, on pages that this project did not write."""
