"""Where a person may say they are: real cities, for a location is nothing one can invent."""

from typing import Any

Json = dict[str, Any]

PLACES: list[Json] = [
    {"name": "Lisbon", "latitude": 38.7223, "longitude": -9.1393},
    {"name": "Nairobi", "latitude": -1.2921, "longitude": 36.8219},
    {"name": "Mumbai", "latitude": 19.076, "longitude": 72.8777},
    {"name": "Osaka", "latitude": 34.6937, "longitude": 135.5023},
    {"name": "Denver", "latitude": 39.7392, "longitude": -104.9903},
]


def name_of(location: Json) -> str:
    """The city whose place this is; empty where it is another."""
    return next((str(place["name"]) for place in PLACES if location.items() <= place.items()), "")
