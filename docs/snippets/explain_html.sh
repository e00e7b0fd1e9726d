whytwitch explain case.toml --html report.html
