whytwitch schema case
