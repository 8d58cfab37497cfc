"""Other people's languages, each in its own module: pure functions over values, with no database and no web."""
