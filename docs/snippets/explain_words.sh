whytwitch explain "My left eyelid has twitched for three days, five coffees a day, little sleep"
