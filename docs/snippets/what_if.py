from whytwitch.reasoning import Changes, what_if

found = what_if(
    "Tingling and twitching since neck surgery. Ionized calcium 0.95 mmol/L, potassium 4.0 mmol/L.",
    Changes({"ionized_calcium": 1.2}),
    per_min=20,
)

if found.today and found.today.over_normal:
    today = found.today.over_normal
    print(f"Today: {today.ratio:.2g} times normal ({today.low:.2g} to {today.high:.2g})")
for share in found.shares:
    print(f"  {share.factor}: times {share.times:.2g}")
if found.change:
    print(f"After the change: {found.change.ratio:.2g} times today")
print("Not known:", ", ".join(one.name for one in found.unknown) or "nothing")
