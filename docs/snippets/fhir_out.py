import json
from pathlib import Path

from whytwitch import explain, load
from whytwitch.case import read_data
from whytwitch.report import fhir_bundle

catalogue = load()
case = read_data(json.loads(Path("bundle.json").read_text()), catalogue)
bundle = fhir_bundle(explain(case), catalogue)

risk = bundle["entry"][-1]["resource"]
for row in risk["prediction"][:3]:
    print(f"{row['outcome']['text']}: {row['probabilityDecimal']:.1f} % ({row['qualitativeRisk']['text']})")
print(risk["mitigation"])
