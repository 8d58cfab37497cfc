"""Pages of the offices: auditors, programme officers, operators."""
