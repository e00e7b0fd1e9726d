.venv/bin/whytwitch explain "My calf purrs"
