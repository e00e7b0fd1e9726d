whytwitch explain "My hands cramp and shake" --correct tremor=absent --correct "potassium=2.8 mmol/L" --correct age=41
