whytwitch simulate als --bids made --electrode needle --duration 5 --rate 60 --html als.html
whytwitch detect made
