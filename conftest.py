"""Load what checks the notebooks, wherever pytest is started."""

pytest_plugins = ["notebook_checks", "answered"]
