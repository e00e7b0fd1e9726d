whytwitch schema
