"""The self-checks of the exercises, a module a lesson. Reading one gives its answers away."""
