.venv/bin/mkdocs serve
