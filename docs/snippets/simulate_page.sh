whytwitch simulate hypocalcemia --ionized-calcium 0.8 --html low-calcium.html
