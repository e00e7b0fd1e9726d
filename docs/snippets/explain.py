from whytwitch import explain

answer = explain("My calves twitch at night, no weakness. I am 34 and run marathons.")

for cause in answer.ranking[:3]:
    print(f"{cause.plain_name}: {cause.probability:.0%} ({cause.low:.0%} to {cause.high:.0%})")
print("How soon:", answer.urgency.level)
if answer.next_question:
    print("Next:", answer.next_question.text)
