.venv/bin/python -m pytest tests/knowledge tests/case
