"""Your PyTorch model in the loop: a generator that learns to turn noise into points by their energy distance."""

import numpy as np
import torch
from torch import nn

from collapse_lessons import check_model, metrics, run
from collapse_lessons.models.training import build, torch_generator
from collapse_lessons.worlds import datasets


class Generator:
    def fit(self, X, rng):
        data, noise = torch.tensor(X, dtype=torch.float32), torch_generator(rng)
        # `build` draws the first weights from rng: layers such as nn.Linear take no generator themselves.
        self.network = build(lambda: nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2)), rng)
        optimiser = torch.optim.Adam(self.network.parameters(), lr=0.01)
        for _ in range(100):
            made, more = (self.network(torch.randn(data.shape, generator=noise)) for _ in range(2))
            loss = 2 * torch.cdist(made, data).mean() - torch.cdist(made, more).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        self.loss = loss.item()  # the number: with its graph the model could not be copied for a warm start
        return self

    @torch.no_grad()
    def sample(self, n, rng):
        return self.network(torch.randn((n, 2), generator=torch_generator(rng))).double().numpy()


real = datasets.moons(100, np.random.default_rng(0))
report = check_model(Generator(), real)
rows = run(Generator(), real, metrics={"std": metrics.std}, n_generations=4, warm_start=True).rows
if __name__ == "__main__":
    print(report)
    print(rows)
