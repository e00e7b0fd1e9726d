whytwitch info formats_table.txt --electrode surface
