"""The group of all commands, each imported when it is called."""

from __future__ import annotations

import importlib
import pkgutil

import click

from sim.cli import commands


class Commands(click.Group):
    """Finds commands in the modules of `sim.cli.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (module.name for module in pkgutil.iter_modules(commands.__path__))
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command by its name; say the nearest name where there is none."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            from sim.words.messages import nearest

            raise click.UsageError(f"unknown command {args[0]!r}; {nearest(args[0], known)}")
        return super().resolve_command(ctx, args)
