whytwitch what-if "My calves twitch. I take hydrochlorothiazide. Ionized calcium 0.95 mmol/L, magnesium 0.5 mmol/L" \
  --set ionized_calcium=1.2 --set magnesium=0.8 --stop hydrochlorothiazide --caffeine 0
