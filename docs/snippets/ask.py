from whytwitch import ask, load, read_case

catalogue = load()
case = read_case("My right hand is weak and the muscles of my arm twitch.", catalogue)
question = ask(case)

if question:
    print(question.text, f"({question.why})")
    for item in question.items:
        print("-", item.text)
