from . import datasets, explorers, lesson, metrics, plots, theory
from .check_model import check_model
from .loop import Generation, Model, Run, generations, run, stream, sweep
from .models.categorical import Categorical, CategoricalBatches
from .models.gaussian import Gaussian, GaussianBatches
from .models.photocopier import Photocopier
from .models.scikit_learn import SklearnModel
from .recipes import Fresh, Mix, accumulate, accumulate_subsample, replace
