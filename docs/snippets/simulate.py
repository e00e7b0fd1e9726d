from whytwitch.physiology.effects import effects, findings, headline
from whytwitch.physiology.scenario import apply

found = effects(apply("organophosphate_poisoning", dose=0.3))

print(headline(found))
for place in findings(found):
    print(f"{place.place}: {place.state}. {place.plain}")
