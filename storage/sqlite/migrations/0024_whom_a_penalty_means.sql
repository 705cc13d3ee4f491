-- Until when the bot had to wait becomes what is known of whom Telegram means (bot.news.penalty):
-- all wait (3) until then, or nobody (0).
UPDATE facts SET value = json_array(
    json_array(
        iif(value ->> 0 > value ->> 2, 3, 0), json_array(), 0.0, value ->> 0, value ->> 0, 0.0, NULL, 0.0
    ),
    value ->> 1,
    value ->> 2
) WHERE name = 'pace';
