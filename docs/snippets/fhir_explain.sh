whytwitch explain bundle.json
