whytwitch simulate hypocalcemia --ionized-calcium 0.8
