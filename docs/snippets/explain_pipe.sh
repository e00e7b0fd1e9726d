echo "Cramps in both hands and tingling lips since neck surgery last week. Ca 7.1 mg/dL." | whytwitch explain -
