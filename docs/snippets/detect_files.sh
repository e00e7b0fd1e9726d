whytwitch detect --events potentials.csv --json measures.json --html report.html
head -n 3 potentials.csv
