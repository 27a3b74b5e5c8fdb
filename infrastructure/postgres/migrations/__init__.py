"""The numbered SQL files that make the store, each applied once, in order, by ``infrastructure.postgres.migrating``."""
