whytwitch serve
