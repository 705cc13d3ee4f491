"""Reports are placed, and it is decided who is told of them."""
