whytwitch convert formats_table.txt biceps.bdf
whytwitch convert formats_table.txt my_dataset --subject 01 --task restSupine
