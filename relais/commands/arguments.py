"""Reading the words typed after ``relais``: help in French, and one French line for a mistake in them."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

FILE = click.Path(path_type=Path)
"""A file's place, as it was typed."""
_HELP = ("-h, --help", "montre cette aide")


class Misunderstood(click.UsageError):
    """Words that do not go together, are too many, or lack a value. The message is a French sentence."""


class Command(click.Command):
    """One command. Its help is in French, and a word too many is refused by name."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words. Raises ``click.UsageError``."""
        try:
            beyond = super().parse_args(ctx, args)
        except click.BadOptionUsage as mistake:
            raise Misunderstood(self._value_missing_or_not(mistake.option_name), ctx) from None
        if beyond:
            raise Misunderstood(f"De trop : {' '.join(beyond)}.", ctx)
        return beyond

    def _value_missing_or_not(self, name: str) -> str:
        flags = {
            spelling
            for option in self.params
            if isinstance(option, click.Option) and option.is_flag
            for spelling in option.opts
        }
        return f"{name} {'ne prend pas de' if name in flags else 'demande une'} valeur."

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is used."""
        _write_help(self, ctx, formatter)


class Commands(click.Group):
    """The program with its commands. Its help is in French."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the program is used, with its commands in the order in which they were given."""
        _write_help(self, ctx, formatter)
        rows = [(name, command.help or "") for name, command in self.commands.items()]
        _write_section(formatter, "commandes", rows)


def french(mistake: click.UsageError) -> str:
    """The French line for words that were not understood: what is wrong with them, and where help is."""
    match mistake:
        case Misunderstood():
            wrong = mistake.message
        case click.exceptions.NoArgsIsHelpError():
            wrong = "Il manque : commande."
        case click.NoSuchCommand() if isinstance(mistake.cmd, click.Group):
            names = ", ".join(mistake.cmd.commands)
            wrong = (
                f"« {mistake.command_name} » n'est pas possible ici. Choisissez parmi : {names}."
            )
        case click.NoSuchOption():
            wrong = f"De trop, ou inconnu : {mistake.option_name}."
        case click.MissingParameter() if mistake.param:
            wrong = f"Il manque : {mistake.param.human_readable_name}."
        case click.BadParameter() if mistake.param:
            wrong = f"{mistake.param.opts[-1]} : {mistake.message}"
        case _:
            wrong = "Cette commande ne se comprend pas."
    program = mistake.ctx.command_path if mistake.ctx else "relais"
    return f"{wrong} « {program} --help » dit ce qui est attendu."


def port(given: str) -> int:
    """A port from what was typed. Raises ``click.BadParameter``."""
    if not re.fullmatch(r"[0-9]{1,5}", given) or int(given) > 65535:
        raise click.BadParameter(f"« {given} » n'est pas un port, de 0 à 65535.")
    return int(given)


def _write_help(
    command: click.Command, context: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write the usage of a command, and each of its words."""
    arguments: list[tuple[str, str]] = []
    options = [_HELP]
    for word in command.params:
        rows = arguments if isinstance(word, click.Argument) else options
        rows.append(word.get_help_record(context) or ("", ""))
    words = [f"[{option}]" for option, _ in options] + [argument for argument, _ in arguments]
    if isinstance(command, click.Group):
        words.append(command.subcommand_metavar)
    formatter.write_usage(context.command_path, " ".join(words), "emploi : ")
    formatter.write_paragraph()
    formatter.write_text(command.help or "")
    _write_section(formatter, "à indiquer", arguments)
    _write_section(formatter, "options", options)


def _write_section(
    formatter: click.HelpFormatter, title: str, rows: Sequence[tuple[str, str]]
) -> None:
    if rows:
        # The library writes the colon; in French a space stands before it.
        with formatter.section(f"{title} "):
            formatter.write_dl(rows)
