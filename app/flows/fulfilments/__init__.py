"""How redemptions are carried out: one file for each of app.domain.ways, found by scanning."""
