"""`cynthia env`: what plain Dagster commands have to be told to work beside this deployment."""

import shlex

import typer

from cynthia_pipeline.cli.console import settings_of


def env(context: typer.Context) -> None:
    """Print the variables that plain Dagster commands need, for the shell: eval "$(cynthia env)"."""
    from cynthia_pipeline.deployment.home import Home
    from cynthia_pipeline.deployment.services import deployment_variables
    from cynthia_pipeline.store.urls import databases

    settings = settings_of(context)
    home = Home(settings.home.absolute())
    home.prepare()
    variables = deployment_variables(home=home.root, dagster_home=home.dagster, urls=databases(settings))
    for name, value in variables.items():
        typer.echo(f"export {name}={shlex.quote(value)}")
