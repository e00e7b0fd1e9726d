whytwitch explain --json case.toml
