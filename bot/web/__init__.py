"""What the operator sees over HTTP: health and metrics."""
