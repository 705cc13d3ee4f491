"""How feeds are stored: the catalogue, what polls find, guests and hubs."""
