"""The commands on the shell: run, try, forget, export, check."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import dotenv

from bot import __version__
from bot.close_codes import ConnectionEnded
from bot.content.model.refusals import ContentRejected
from bot.kit.database.errors import StorageError
from bot.settings import ENV_FILE, Settings, SettingsError

FAULTY_SETTINGS = 2
FOR_US_ALONE = 0o077
"""The umask: only the bot's own account can open new files."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns its exit code."""
    options = _parser().parse_args(arguments)
    os.umask(FOR_US_ALONE)
    try:
        return options.command(options)
    except SettingsError as error:
        return _fail(f"Settings: {error}.", FAULTY_SETTINGS)
    except ContentRejected as error:
        return _fail(f"Content: {'; '.join(str(fault) for fault in error.faults)}", 1)
    except (StorageError, ConnectionEnded) as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dojo-bot", description="A Discord bot for coaches who practise together."
    )
    parser.add_argument("--version", action="version", version=f"dojo-bot {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the bot against Discord")
    run.add_argument(
        "--sync", action="store_true", help="tell Discord the commands even if unchanged"
    )
    run.set_defaults(command=_run)

    rehearse = commands.add_parser(
        "try", help="a rehearsal dojo in your browser, without account or token"
    )
    rehearse.add_argument(
        "--port",
        type=int,
        default=0,
        help="port of the start page (default: 8765, or a free one where it is taken)",
    )
    rehearse.add_argument(
        "--speed", type=float, default=1.0, help="how much faster the clock runs (default: 1)"
    )
    rehearse.add_argument(
        "--people",
        type=int,
        default=0,
        metavar="N",
        help="let N people (3 to 60) play an evening by themselves, so that you can facilitate"
        " alone; whom you open a page as, you play yourself (default: you play everybody)",
    )
    rehearse.set_defaults(command=_try)

    forget = commands.add_parser(
        "forget", help="erase a person who can no longer reach the bot, which must be stopped"
    )
    forget.add_argument("id", metavar="ID", help="the person's account number")
    forget.add_argument("--yes", action="store_true", help="do not ask")
    forget.set_defaults(command=_forget)

    export = commands.add_parser(
        "export", help="give all that is stored about a person; the bot must be stopped"
    )
    export.add_argument("id", metavar="ID", help="the person's account number")
    export.add_argument(
        "--to", type=Path, metavar="FILE", help="write a new file (default: to the terminal)"
    )
    export.set_defaults(command=_export)

    check = commands.add_parser("check", help="check settings, content and database")
    check.set_defaults(command=_check)
    return parser


def environment() -> Mapping[str, str]:
    """The environment, completed from a `.env` file in the working directory."""
    try:
        given = dotenv.dotenv_values(ENV_FILE) if ENV_FILE.is_file() else {}
    except (OSError, UnicodeDecodeError):
        raise SettingsError("the file .env cannot be read as UTF-8 text") from None
    return {name: value for name, value in given.items() if value is not None} | dict(os.environ)


def _run(options: argparse.Namespace) -> int:
    from bot.kit.logs import set_up_logging
    from bot.run import run_bot
    from bot.tuning import new_event_loop

    settings = Settings.from_env(environment()).with_token()
    set_up_logging(settings.log_level)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(run_bot(settings, sync=options.sync))
    return 0


def _try(options: argparse.Namespace) -> int:
    from bot import rehearsal

    chosen = rehearsal.Options(port=options.port, speed=options.speed, players=options.people)
    return rehearsal.run(chosen)


def _check(_: argparse.Namespace) -> int:
    from bot.check import check_everything

    findings = asyncio.run(check_everything(environment()))
    for finding in findings:
        print(finding)  # noqa: T201 - this is what the command is for
    return 0 if all(finding.good for finding in findings) else 1


def _forget(options: argparse.Namespace) -> int:
    from bot import people

    user_id = people.read_user_id(options.id)
    settings = Settings.from_env(environment())
    return people.forget(settings, user_id, ask=None if options.yes else input, say=print)


def _export(options: argparse.Namespace) -> int:
    from bot import people

    user_id = people.read_user_id(options.id)
    settings = Settings.from_env(environment())
    return people.export(settings, user_id, to=options.to, say=print)


def _fail(text: str, code: int) -> int:
    print(f"dojo-bot: {text}", file=sys.stderr)  # noqa: T201 - one plain line, no traceback
    return code
