import asyncio
from pathlib import Path

import httpx

from whytwitch.app.api import api
from whytwitch.app.shell import Services, Settings


async def interview() -> None:
    # Without a server; against a running one it is httpx.AsyncClient(base_url=..., headers=...).
    carrier = httpx.ASGITransport(api(Services(Settings(port=8765), scratch=Path())))
    async with httpx.AsyncClient(transport=carrier, base_url="http://127.0.0.1:8765") as client:
        findings = {"present": ["twitch_calf"], "absent": []}
        for _ in range(3):
            asked = (await client.post("/next-question", json={"case": {"findings": findings}})).json()
            if asked["state"] != "asking":
                break
            print(asked["question"]["text"])
            for item in asked["question"]["items"]:
                print("  -", item["text"])
                findings["absent"].append(item["id"])  # somebody would answer here
        print(asked["headline"], "|", " ".join(asked["steps"]))


asyncio.run(interview())
