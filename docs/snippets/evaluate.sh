whytwitch evaluate labelled.jsonl --setting public
