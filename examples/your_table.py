"""Your table in the loop: a DataFrame of numbers and categories goes in, and each generation makes another."""

import numpy as np
import pandas as pd

from collapse_lessons import accumulate, check_model, replace, sweep


class ByJob:
    """Who has which job, as counted; and the numbers of each job as a normal distribution."""

    def fit(self, X, rng):
        numbers = X.groupby("job", observed=True)[["age", "income"]]
        self.dtype, self.share = X["job"].dtype, X["job"].value_counts(normalize=True)
        self.mean, self.std = numbers.mean(), numbers.std(ddof=0)
        return self

    def sample(self, n, rng):
        job = rng.choice(list(self.share.index), n, p=self.share)
        made = rng.normal(self.mean.loc[job], self.std.loc[job])
        return pd.DataFrame({"job": pd.Series(job, dtype=self.dtype), "age": made[:, 0], "income": made[:, 1]})


rng = np.random.default_rng(0)
job = pd.Series(rng.choice(["nurse", "baker", "smith", "astronaut"], 200, p=[0.5, 0.3, 0.17, 0.03]), dtype="category")
real = pd.DataFrame({"job": job, "age": rng.normal(45, 12, 200), "income": rng.normal(3000, 800, 200)})
report = check_model(ByJob(), real)
rows = sweep(
    ByJob(),
    real,
    {"replace": replace, "accumulate": accumulate},
    seeds=range(3),
    metrics={
        "jobs left": lambda generation, reference: generation.samples["job"].nunique(),
        "spread of age": lambda generation, reference: generation.samples["age"].std() / reference["age"].std(),
    },
    n_generations=10,
)
if __name__ == "__main__":
    print(report)
    print(rows.groupby(["recipe", "generation"])[["jobs left", "spread of age"]].mean().unstack("recipe"))
