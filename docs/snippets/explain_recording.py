from pathlib import Path

import whytwitch
from whytwitch.reasoning import summarize

catalogue = whytwitch.load()
example = Path(whytwitch.__file__).parent / "recording/data/example.edf"  # synthetic, 90 s
signature = whytwitch.measure(whytwitch.detect(whytwitch.read(example), muscle="biceps_brachii"))
print(signature.fasciculations, "twitches,", signature.rate_per_min)

case = whytwitch.read_case("My arm has been twitching for three months. I am 58.", catalogue)
case = case.model_copy(update={"recordings": (summarize(signature, catalogue),)})
for line in whytwitch.explain(case).understood:
    print(line.plain, line.detail, sep=" · ")
