"""What is tried with nothing, and faults that are none, each with its reason."""

# Names, as patterns.
LEFT_OUT = {
    r"course\.drawing\..*": "axes that a lesson puts up; what is drawn on them stops none: its tests try odd curves",
    r"course\.kept\..*": "parts of compare and check, with rows that these have made",
    r"course\.exercises\..*": "an answer may be anything, and tests/course/exercises sees that none stops a lesson",
    r"course\.explorers\.\w+\..*": "drawings that sliders call, each with values of its range; their tests move each",
    r"runs\.seen": "part of run and resume_run, which have checked the view",
    r"loop\.(Model|Generation)\b.*|runs\.Run": "a protocol, and records that the loop makes",
    r"worlds\.encyclopedia\.reader\.Form|models\.ngram\.Grams": "records that the course makes",
    r"models\.(diffusion|vae)\.(?!Flow|VAE).*": "parts of networks: they get tensors from the models around them",
    r"models\.training\.(train|to_torch|to_numpy|check_training)": "parts of training, behind their models",
    r"metrics\.classifier\.(perceptron|convolutions)": "makers of networks: the classifier has checked what it asks",
    r"models\.decoding\.check_call": "the check of calls itself: Sampling and Beams are tried",
    r"experiments\.(folders|run_folder)\..*": "parts of save_run and resume_run, with paths that these have checked",
    r"experiments\.(resume\.finished_run|provenance\.this_session)": "parts of load_run and save_run",
    r"tables\.(Table\.turn|TableModel.*|rows_like|alike|joined|turns|read_only)": "parts of the loop and of recipes",
    r"models\.checkpoints\.write_network": "part of CausalLM.save",
    r"models\.smollm2\..*": "where a large file lies, which not everybody has; its tests try the folders",
    r".*\.(Flow\.network|Classifier\.network|VAE\.likelihood)": "a function that the class was given as a default",
    r"plots\.arguments\..*|plots\.style\.line_style|worlds\.encyclopedia\.tokens\.listed": "parts of their rooms",
    r"defences\.filters\.OPENAI_2023": "a Rates",
}


# `name(argument=value): outcome`, as patterns.
EXCEPTIONS = {
    r"models\.ngram\.NGram\.sample\(prompt=\(\)\): accepted": "the default: begin from nothing",
    r"course\.lesson\.compare\(result=.*\): accepted": "what a reader's settings led to, NaN too, stops no lesson",
    r"defences\.verify\.Checker\.__call__\(rows=records\): deep": "what is true of a row is the caller's function",
    r"experiments\.provenance\.\w+\((data|checkpoints|sources)=(\[\]|\(\))\): accepted": "a run may need no data",
    r"experiments\.records\.save_run\(provenance=\{\}\): accepted": "a run on the way has no provenance yet",
    r"checks\.fitted_model\(fitted=.*\): accepted": "a table has a method sample too: the loop refuses what it draws",
    r"course\.self_check\.check\(hints=(\[\]|\(\))\): accepted": "an exercise may have one hint, the last",
    r"experiments\.sweeps\.sweep\(each=.*\): (deep|wrong)": "a function that gets a run raises what it likes",
    r".*\(keep=(\[\]|\(\)|set\(\)|range\(0\)|no entries)\): accepted": "a run may keep nothing",
    r".*\(metrics=\{\}\): accepted": "a run may measure nothing, and keep its snapshots",
    r".*\(view=(len|int|a function .*)\): (deep|wrong)": "a view raises what it likes",
    r"worlds\.corpora\.blocks\(ids=no entries\): deep": "an empty text is told to be too short for a block",
    r"experiments\.protocol\.pocket\(n=random.*\): slow": "it trains a base on as many articles as it is told to",
    r"experiments\.protocol\.View\(prompts=random.*\): deep": "what a text may consist of, the function encode says",
    r"experiments\.sweeps\.sweep\(real=.*\): deep": "a function that makes the data raises what it likes",
    r"models\.language\.CausalLM\.write\(prompts=no columns\): accepted": "where texts end, one begins from nothing",
    r"models\.vae\.VAE\.decode\(codes=a tensor .*\): accepted": "its numbers count: nothing is trained there",
    r"metrics\.evidence\.\w+\((at_least|at_most)=-?inf\): accepted": "a claim may have no edge on one side",
    r"web\.maps\.measured_map\(make_recipe=.*\): deep": "a function that makes a recipe raises what it likes",
}
