"""When a feed is asked, how politely, and by what its entries are known again."""
