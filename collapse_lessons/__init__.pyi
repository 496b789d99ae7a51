from . import (
    datasets,
    encyclopedia,
    evidence,
    explorers,
    garden,
    image_metrics,
    lesson,
    metrics,
    plots,
    progress,
    records,
    text_metrics,
    theory,
)
from .filters import Filter
from .images import labelled
from .loop import Generation, Model, generations, stream
from .model_check import check_model
from .models.categorical import Categorical, CategoricalBatches
from .models.diffusion import Flow
from .models.gaussian import Gaussian, GaussianBatches
from .models.language import CausalLM
from .models.ngram import NGram
from .models.photocopier import Photocopier
from .models.scikit_learn import SklearnModel
from .models.vae import VAE
from .recipes import Fresh, Mix, accumulate, accumulate_subsample, replace
from .resume import resume_run
from .runs import Run, run
from .sweeps import sweep
from .web import Web
