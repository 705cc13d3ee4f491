"""Files that ship with the program and that anybody may edit; `bot.data.shipped` reads them."""
