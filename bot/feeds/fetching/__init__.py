"""Getting a document over HTTP: the guard, the fetcher and what servers ask of visitors."""
