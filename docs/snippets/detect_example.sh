whytwitch detect
