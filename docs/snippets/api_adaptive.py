from pathlib import Path

from starlette.testclient import TestClient

from whytwitch.app.api import api
from whytwitch.app.shell import Services, Settings

ANSWERS = "https://whytwitch.example/fhir/CodeSystem/answer"
NO = {"valueCoding": {"system": ANSWERS, "code": "no"}}
client = TestClient(api(Services(Settings(port=8765), scratch=Path())))

response = {
    "resourceType": "QuestionnaireResponse",
    "status": "in-progress",
    "questionnaire": "https://whytwitch.example/fhir/Questionnaire/whytwitch",
}
for _ in range(2):
    response = client.post("/fhir/Questionnaire/$next-question", json=response).json()
    group = response["contained"][0]["item"][-1]
    print(group["text"])
    items = [row for row in group["item"] if row["type"] == "choice"]
    filled = [{"linkId": row["linkId"], "answer": [NO]} for row in items]
    response.setdefault("item", []).append({"linkId": group["linkId"], "item": filled})
