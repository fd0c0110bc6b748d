"""Cynthia Pipeline: page audits, fix packs and credits as durable background work on Dagster and Postgres."""
