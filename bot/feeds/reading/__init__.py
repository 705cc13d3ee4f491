"""From the bytes of a document to plain, bounded texts, in processes of their own."""
