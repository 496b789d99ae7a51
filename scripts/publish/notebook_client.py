"""Run a notebook without a browser, and do not miss a kernel's answer."""

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from traitlets import Type

LOOK_EVERY = 2.0  # seconds
# A last cell that prints the memory which a notebook has used at its peak, in GB.
PEAK = """\
import sys
if sys.platform == "win32":
    import psutil
    peak = psutil.Process().memory_info().peak_wset
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(peak / 1e9)
"""


class Attentive(AsyncZMQSocketChannel):
    """A channel that looks for a message every few seconds, whether or not it was woken.

    On a busy machine a wake-up is lost now and then: the answer lies there, and nobody looks until the cell's timeout.
    """

    async def get_msg(self, timeout=None):
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            try:
                return await super().get_msg(timeout=max(0, min(LOOK_EVERY, end - time.monotonic())))
            except Empty:
                if time.monotonic() >= end:
                    raise


class AttentiveClient(AsyncKernelClient):
    shell_channel_class = Type(Attentive)
    iopub_channel_class = Type(Attentive)


class AttentiveManager(AsyncKernelManager):
    client_factory = Type(AttentiveClient)


def execute(notebook, folder, *, seconds=600, allow_errors=False, **kernel):
    """Run every cell in `folder` and keep its outputs in `notebook`.

    A cell may take so many `seconds`, or, if that is a function, `seconds(cell)`. `allow_errors` goes on after an
    error, and what else is given starts the kernel, such as `env`.
    """
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        notebook,
        timeout_func=seconds if callable(seconds) else lambda cell: seconds,
        allow_errors=allow_errors,
        coalesce_streams=True,  # a line may come in pieces
        resources=resources,
        kernel_manager_class=AttentiveManager,
    ).execute(**kernel)
