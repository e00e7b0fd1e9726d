whytwitch causes calcium
