whytwitch detect --json - | grep -A 5 '"rate_per_min"' | head -n 6
