whytwitch explain "My hands cramp and shake" --correct tremor=absent --correct "calcium=7.1 mg/dL" --correct age=41
