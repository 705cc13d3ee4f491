"""The commands of `tocsin`, put together."""

import typer

from bot.cli import doctor, feeds, news, operate

app = typer.Typer(
    name="tocsin",
    help="A self-hosted Telegram bot that rings once for each piece of news.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(operate.run_)
app.command()(operate.demo)
app.command()(operate.start)
app.command()(doctor.doctor)
app.add_typer(feeds.commands, name="feeds")
app.add_typer(news.topics, name="topics")
app.add_typer(news.stories, name="stories")
app.add_typer(news.messages, name="messages")
app.command()(operate.stats)
app.add_typer(operate.database, name="db")


def main() -> None:
    """Runs the command that the arguments name."""
    app()
