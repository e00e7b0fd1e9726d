cat > excitability.csv <<'TEST'
index,value
Strength-duration time constant,0.29
TEd(90-100ms),55
TEh(90-100ms),-150
Resting I/V slope,0.42
Relative refractory period,2.4
TEST
whytwitch mechanism excitability.csv
