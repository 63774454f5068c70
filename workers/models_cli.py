"""`./parley models list|fetch|export`: what there is, getting it, and converting it once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from config.settings import SettingsError
from workers.engine_settings import settings_without_servers
from workers.scorers.detoxify import is_exported
from workers.scorers.fetch import fetch_model
from workers.scorers.registry import Registry, load_registry
from workers.scorers.scorer_errors import ModelError

MEGABYTE = 1_000_000
console = Console()


@click.group()
def models() -> None:
    """List, fetch, export and evaluate models."""


@models.command("list")
def list_models() -> None:
    """Every model Parley knows, and whether it is here."""
    registry = _registry()
    table = Table(box=None, header_style="bold")
    table.add_column("model", no_wrap=True)
    for column in ("for", "version", "size", "state", "languages", "licence"):
        table.add_column(column, overflow="fold")
    for name, entry in registry.entries.items():
        table.add_row(
            name,
            ", ".join(entry.task),
            entry.version,
            _size(registry, name),
            _state(registry, name),
            ", ".join(entry.languages) or "any",
            entry.licence,
        )
    console.print(table)
    console.print(f"Model folder: {registry.models_dir}", style="dim", soft_wrap=True)


@models.command()
@click.argument("name")
@click.option(
    "--mirror",
    help="Take the files from <mirror>/<model>/<file> instead of their projects' addresses.",
)
def fetch(name: str, mirror: str | None) -> None:
    """Download a model into the model folder; goes on where it stopped, verifies every file."""
    registry = _registry()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    try:
        with Progress(*columns, console=console, transient=True) as bars:
            tasks = {f.path: bars.add_task(f.path, total=f.bytes, start=True, visible=False)
                     for f in registry.entry(name).files}  # fmt: skip

            def show(path: str, done: int, total: int | None) -> None:
                bars.update(tasks[path], completed=done, total=total, visible=True)

            fetched = fetch_model(registry, name, mirror=mirror, progress=show)
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    for item in fetched:
        state = "already there" if item.was_there else "fetched and verified"
        click.echo(f"{item.path}  {item.bytes:,} bytes  {state}")
    total = sum(item.bytes for item in fetched) / MEGABYTE
    click.echo(f"{name} is complete ({total:.1f} MB).")
    if any(f.path.endswith(".ckpt") for f in registry.entry(name).files):
        click.echo(f"Next: ./parley models export {name}  (once; needs requirements/detoxify.txt)")


@models.command()
@click.argument("name")
@click.option(
    "--int8",
    is_flag=True,
    help="Also write dynamic 8-bit weights and use them: faster, scores differ a little.",
)
def export(name: str, *, int8: bool) -> None:
    """Convert a fetched Detoxify model to ONNX, so that scoring needs no torch."""
    registry = _registry()
    try:
        module = import_module("workers.scorers.export")
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{error.name} is not installed; exporting needs requirements/detoxify.txt."
        ) from error
    try:
        done = module.export_detoxify(registry, name, int8=int8)
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{done.folder}: {done.precision}, {done.bytes / MEGABYTE:.1f} MB")
    click.echo(f"largest difference from torch: {done.max_difference:.2g}")
    if done.int8_difference is not None:
        click.echo(f"largest difference of the 8-bit weights: {done.int8_difference:.2g}")


def _registry() -> Registry:
    try:
        return load_registry(Path(settings_without_servers().models_dir))
    except (SettingsError, ModelError) as error:
        raise click.ClickException(str(error)) from error


def _size(registry: Registry, name: str) -> str:
    sizes = [
        path.stat().st_size if path.is_file() else file.bytes
        for file in registry.entry(name).files
        for path in [registry.folder(name) / file.path]
    ]
    known = [size for size in sizes if size is not None]
    return f"{sum(known) / MEGABYTE:.1f} MB" if len(known) == len(sizes) else "?"


def _state(registry: Registry, name: str) -> str:
    if is_exported(registry.folder(name)):
        return "exported"
    if not registry.present(name):
        return "not fetched" if registry.entry(name).kind == "fetched" else "files missing"
    return "ships with Parley" if registry.entry(name).kind == "shipped" else "fetched"
