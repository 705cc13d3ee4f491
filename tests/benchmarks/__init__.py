"""What benchmarks make of what they measure; the measuring itself is theirs."""
