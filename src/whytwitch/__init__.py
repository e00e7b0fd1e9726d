"""whytwitch: what makes this muscle twitch, and what should be done about it?"""
