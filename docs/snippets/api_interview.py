from pathlib import Path

from starlette.testclient import TestClient

from whytwitch.app.api import api
from whytwitch.app.shell import Services, Settings

# Without a server. Against a running one, any HTTP client will do, with the key in a header.
client = TestClient(api(Services(Settings(port=8765), scratch=Path())))

findings = {"present": ["twitch_calf"], "absent": []}
for _ in range(3):
    asked = client.post("/next-question", json={"case": {"findings": findings}}).json()
    if asked["state"] != "asking":
        break
    print(asked["question"]["text"])
    for item in asked["question"]["items"]:
        print("  -", item["text"])
        findings["absent"].append(item["id"])  # somebody would answer here
print(asked["headline"], "|", " ".join(asked["steps"]))
