"""The web app's tables, as assets that Dagster shows and does not make."""

from dagster import AssetSpec

GROUP = "web_app"

build_sessions = AssetSpec(
    "build_sessions",
    group_name=GROUP,
    description='One "Build my site" request each. The web app inserts the rows; the sensor takes them from there.',
    kinds={"postgres"},
)

credit_balances = AssetSpec(
    "credit_balances",
    group_name=GROUP,
    description="Each user's plan and credits. A paid plan's sessions go first.",
    kinds={"postgres"},
)
