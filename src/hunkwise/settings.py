"""Validate configuration files and the environment into `core.config.Config`."""
