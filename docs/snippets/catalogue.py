from whytwitch import load

catalogue = load()
cause = catalogue.causes["hypocalcemia"]

print(cause.plain_name, "·", cause.verdict.answer, "·", cause.mechanism.support)
for link in cause.findings:
    if link.basis == "observed":
        print(link.id, link.p, "from", ", ".join(link.sources))
