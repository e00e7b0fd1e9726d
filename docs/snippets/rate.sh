whytwitch rate --potassium 5.0 --ionized-calcium 0.95 --method emulator
whytwitch rate neuromyotonia --method emulator --json
