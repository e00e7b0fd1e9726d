whytwitch explain case.toml --expert
